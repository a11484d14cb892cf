// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace genevactl::manifest {

/// An integer as YAML 1.1 writes it, underscores taken out.
struct YamlInteger {
    bool negative = false;
    int base = 10;       ///< 2, 8, 10, 16, or 60 for "1:30"
    std::string digits;  ///< of base 60: decimal parts between colons
};
/// Does PyYAML take the text for an integer?
std::optional<YamlInteger> yaml_integer(std::string_view text);
/// Its absolute value in decimal, without leading zeros; "" where no digit is.
std::string decimal_digits(const YamlInteger& integer);

/// Does PyYAML take the text for a float? (".5" and "1.": yes; "1e5" and "-.5": no)
bool is_yaml_float(std::string_view text);
/// An optional sign, digits, and perhaps an exponent, as `!!float` takes them besides.
bool is_plain_decimal(std::string_view text);
/// The value of what one of the two accepted; beyond a double: infinite or zero, as in Python.
double float_value(std::string_view text);

/// Does PyYAML take the text for a date, or a date and a time?
bool is_yaml_timestamp(std::string_view text);
/// `str()` of the date or datetime that PyYAML makes of it ("2026-11-22 10:00:00.500000+01:00"), or
/// nothing when the calendar has no such day or time.
std::optional<std::string> python_date(std::string_view text);

}  // namespace genevactl::manifest
