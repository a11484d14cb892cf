// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "arrow_types.hpp"
#include "genevactl/base/clock.hpp"

namespace genevactl::ns {

// All of these take a row of a validated array and answer nothing for null or another type.

/// The bytes of a text or binary value, where they lie in the array.
std::optional<std::string_view> text_value(const ValueType& type, const ArrowArrayView& view,
                                           std::int64_t row);
/// An integer, bool, date or time as its number; nothing for a uint64 above the range.
std::optional<std::int64_t> integer_value(const ValueType& type, const ArrowArrayView& view,
                                          std::int64_t row);
/// A timestamp of any unit in microseconds, rounded down; nothing beyond what those can count.
std::optional<base::WallTime> time_value(const ValueType& type, const ArrowArrayView& view,
                                         std::int64_t row);
/// Appends the value as JSON: numbers, true/false, texts, base64 for binary, RFC 3339 for times and
/// dates, texts for decimals and for the floats that JSON has not, lists, and objects for structs.
void append_json(std::string& out, const ValueType& type, const ArrowArrayView& view,
                 std::int64_t row);
/// The elements of a list: the index of the first in children[0] and how many there are.
struct Elements {
    std::int64_t first = 0;
    std::int64_t count = 0;
};
std::optional<Elements> list_value(const ValueType& type, const ArrowArrayView& view,
                                   std::int64_t row);

}  // namespace genevactl::ns
