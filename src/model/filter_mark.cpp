// SPDX-License-Identifier: Apache-2.0
#include "genevactl/model/filter_mark.hpp"

#include <fmt/format.h>

namespace genevactl::model {

namespace {

constexpr std::string_view k_beginning = " AND 'genevactl ";

}  // namespace

std::string filter_mark(std::string_view what, base::WallTime time) {
    return fmt::format("{0}{1} {2}' = 'genevactl {1} {2}'", k_beginning, what, base::rfc3339(time));
}

std::string_view without_filter_mark(std::string_view where) {
    return where.substr(0, where.rfind(k_beginning));
}

}  // namespace genevactl::model
