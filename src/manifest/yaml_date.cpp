// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdlib>

#include <fmt/format.h>

#include "scanner.hpp"
#include "yaml_number.hpp"

namespace genevactl::manifest {

namespace {

using std::string_view;

/// The parts of PyYAML's regular expression for timestamps.
struct DateParts {
    int year = 0;
    int month = 0;
    int day = 0;
    bool has_time = false;
    int hour = 0;
    int minute = 0;
    int second = 0;
    std::string fraction = {};
    bool has_zone = false;
    int zone_minutes = 0;
    bool two_digits = true;  ///< month and day
};

/// Between `least` and `most` digits.
bool take_number(Scanner& scanner, std::size_t least, std::size_t most, int& value) {
    std::size_t count = 0;
    value = 0;
    while (count < most && is_digit(scanner.peek())) {
        value = value * 10 + (scanner.peek() - '0');
        scanner.skip(1);
        ++count;
    }
    return count >= least;
}

bool take_date(Scanner& scanner, DateParts& parts) {
    const auto digits = [&scanner](int& value) {
        const auto begin = scanner.at();
        const bool valid = take_number(scanner, 1, 2, value);
        return valid ? scanner.at() - begin : 0;
    };
    if (!take_number(scanner, 4, 4, parts.year) || !scanner.take("-")) {
        return false;
    }
    const auto month = digits(parts.month);
    if (month == 0 || !scanner.take("-")) {
        return false;
    }
    const auto day = digits(parts.day);
    parts.two_digits = month == 2 && day == 2;
    return day > 0;
}

bool take_zone(Scanner& scanner, DateParts& parts) {
    scanner.skip_blanks();
    if (scanner.take("Z")) {
        parts.has_zone = true;
        return scanner.ends();
    }
    const bool negative = scanner.peek() == '-';
    if (!scanner.take("-") && !scanner.take("+")) {
        return false;
    }
    int hours = 0;
    int minutes = 0;
    if (!take_number(scanner, 1, 2, hours) ||
        (scanner.take(":") && !take_number(scanner, 2, 2, minutes))) {
        return false;
    }
    parts.has_zone = true;
    parts.zone_minutes = (hours * 60 + minutes) * (negative ? -1 : 1);
    return scanner.ends();
}

std::optional<DateParts> parts_of(string_view text) {
    Scanner scanner(text);
    DateParts parts;
    if (!take_date(scanner, parts)) {
        return std::nullopt;
    }
    if (scanner.ends()) {
        return parts.two_digits ? std::optional(parts) : std::nullopt;
    }
    if (!scanner.take("T") && !scanner.take("t")) {
        const auto before = scanner.at();
        scanner.skip_blanks();
        if (scanner.at() == before) {
            return std::nullopt;
        }
    }
    parts.has_time = true;
    if (!take_number(scanner, 1, 2, parts.hour) || !scanner.take(":") ||
        !take_number(scanner, 2, 2, parts.minute) || !scanner.take(":") ||
        !take_number(scanner, 2, 2, parts.second)) {
        return std::nullopt;
    }
    if (scanner.take(".")) {
        for (; is_digit(scanner.peek()); scanner.skip(1)) {
            parts.fraction += scanner.peek();
        }
    }
    return scanner.ends() || take_zone(scanner, parts) ? std::optional(parts) : std::nullopt;
}

bool exists(const DateParts& parts) {
    constexpr std::array<int, 12> k_days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    constexpr int k_minutes_of_day = 24 * 60;
    if (parts.year < 1 || parts.month < 1 || parts.month > 12) {
        return false;
    }
    const bool leap = (parts.year % 4 == 0 && parts.year % 100 != 0) || parts.year % 400 == 0;
    const auto days =
        k_days.at(static_cast<std::size_t>(parts.month) - 1) + (parts.month == 2 && leap ? 1 : 0);
    return parts.day >= 1 && parts.day <= days && parts.hour < 24 && parts.minute < 60 &&
           parts.second < 60 && std::abs(parts.zone_minutes) < k_minutes_of_day;
}

}  // namespace

bool is_yaml_timestamp(string_view text) {
    return parts_of(text).has_value();
}

std::optional<std::string> python_date(string_view text) {
    auto parts = parts_of(text);
    if (!parts || !exists(*parts)) {
        return std::nullopt;
    }
    auto result = fmt::format("{:04}-{:02}-{:02}", parts->year, parts->month, parts->day);
    if (!parts->has_time) {
        return result;
    }
    result += fmt::format(" {:02}:{:02}:{:02}", parts->hour, parts->minute, parts->second);
    parts->fraction.resize(6, '0');
    if (parts->fraction != "000000") {
        result += "." + parts->fraction;
    }
    if (parts->has_zone) {
        const auto minutes = std::abs(parts->zone_minutes);
        result += fmt::format("{}{:02}:{:02}", parts->zone_minutes < 0 ? '-' : '+', minutes / 60,
                              minutes % 60);
    }
    return result;
}

}  // namespace genevactl::manifest
