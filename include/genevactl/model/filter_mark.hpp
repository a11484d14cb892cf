// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "genevactl/base/clock.hpp"

namespace genevactl::model {

/// What makes a filter unlike every other: " AND 'genevactl WHAT TIME' = 'genevactl WHAT TIME'".
/// The engine keeps what it has computed under the text of the filter: the same text again would
/// compute nothing.
std::string filter_mark(std::string_view what, base::WallTime time);
/// The filter without such a mark.
std::string_view without_filter_mark(std::string_view where);

}  // namespace genevactl::model
