// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <nanoarrow/nanoarrow.hpp>

#include "genevactl/base/clock.hpp"

namespace genevactl::ns {

// Arrow's counts of time as text. All answer nothing beyond what the text can write (RFC 3339: the
// years 0000 to 9999).

/// "2026-11-22T09:30:00.25", with a Z where the type has a zone (the count is UTC then).
std::optional<std::string> timestamp_text(ArrowTimeUnit unit, bool has_zone, std::int64_t value);
/// "2026-11-22", from days since 1970.
std::optional<std::string> day_text(std::int64_t day);
/// The day that a date64 lies in.
std::int64_t day_of_milliseconds(std::int64_t milliseconds);
/// "09:30:00.25"
std::optional<std::string> time_of_day_text(ArrowTimeUnit unit, std::int64_t value);
/// A timestamp in microseconds, rounded down.
std::optional<base::WallTime> wall_time(ArrowTimeUnit unit, std::int64_t value);

}  // namespace genevactl::ns
