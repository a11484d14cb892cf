// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "genevactl/project/file.hpp"

namespace genevactl::project {

std::string_view name_of(Due due) {
    switch (due) {
        case Due::never:
            return "never";
        case Due::fresh:
            return "new";
        case Due::always:
            break;
    }
    return "always";
}

std::string Origin::text() const {
    return fmt::format("{}:{}", file.string(), line);
}

std::string ColumnEntry::text() const {
    return table.text() + "." + column.text();
}

const ManifestEntry* File::manifest(std::string_view name) const {
    const auto found = std::ranges::find(manifests, name, &ManifestEntry::name);
    return found == manifests.end() ? nullptr : &*found;
}

}  // namespace genevactl::project
