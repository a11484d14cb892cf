// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "genevactl/base/clock.hpp"

namespace genevactl::transport {

/// A date of HTTP in any of its three forms: "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94
/// 08:49:37 GMT", "Sun Nov  6 08:49:37 1994". Nothing if it is none.
std::optional<base::WallTime> parse_http_date(std::string_view text);

}  // namespace genevactl::transport
