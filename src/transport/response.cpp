// SPDX-License-Identifier: Apache-2.0
#include "genevactl/base/text.hpp"
#include "genevactl/transport/transport.hpp"

namespace genevactl::transport {

std::optional<std::string> Response::header(std::string_view name) const {
    const auto wanted = base::lower(name);
    for (const auto& [each, value] : headers) {
        if (base::lower(each) == wanted) {
            return value;
        }
    }
    return std::nullopt;
}

}  // namespace genevactl::transport
