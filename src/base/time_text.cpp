// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

#include "genevactl/base/clock.hpp"

namespace genevactl::base {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Reads fixed-width fields off the front of a text.
class Fields {
public:
    explicit Fields(std::string_view text) : m_rest(text) {}
    bool done() const { return m_rest.empty(); }
    char peek() const { return m_rest.empty() ? '\0' : m_rest.front(); }

    /// Exactly `width` digits, or -1.
    int number(std::size_t width) {
        if (m_rest.size() < width) {
            return -1;
        }
        int value = 0;
        for (const char c : m_rest.substr(0, width)) {
            if (!is_digit(c)) {
                return -1;
            }
            value = value * 10 + (c - '0');
        }
        m_rest.remove_prefix(width);
        return value;
    }
    bool any_of(std::string_view characters) {
        if (m_rest.empty() || characters.find(m_rest.front()) == std::string_view::npos) {
            return false;
        }
        m_rest.remove_prefix(1);
        return true;
    }
    /// The digits after a decimal point as microseconds, or -1 if there is none.
    std::int64_t fraction() {
        std::int64_t value = 0;
        std::int64_t unit = 100'000;
        if (!is_digit(peek())) {
            return -1;
        }
        while (is_digit(peek())) {
            value += unit * (peek() - '0');
            unit /= 10;
            m_rest.remove_prefix(1);
        }
        return value;
    }

private:
    std::string_view m_rest;
};

tl::unexpected<Error> bad_time(std::string_view text) {
    return fail(ErrorKind::usage, fmt::format("'{}' is no time", text),
                "write it as 2026-11-22T09:30:00Z, with an offset as +02:00, or as 2026-11-22");
}

bool read_offset(Fields& fields, Microseconds& offset) {
    if (fields.any_of("Zz")) {
        return true;
    }
    const bool west = fields.peek() == '-';
    if (!fields.any_of("+-")) {
        return false;
    }
    const int hour = fields.number(2);
    const bool colon = fields.any_of(":");
    const int minute = fields.number(2);
    if (!colon || hour < 0 || hour > 23 || minute < 0 || minute > 59) {
        return false;
    }
    offset = (hours(hour) + minutes(minute)) * (west ? -1 : 1);
    return true;
}

bool read_time_of_day(Fields& fields, Microseconds& time) {
    const int hour = fields.number(2);
    const bool colon = fields.any_of(":");
    const int minute = fields.number(2);
    const bool second_colon = fields.any_of(":");
    const int second = fields.number(2);
    if (!colon || !second_colon || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
        second < 0 || second > 60) {  // 60 is a leap second
        return false;
    }
    time = hours(hour) + minutes(minute) + seconds(second);
    if (fields.any_of(".")) {
        const auto fraction = fields.fraction();
        if (fraction < 0) {
            return false;
        }
        time += Microseconds(fraction);
    }
    return true;
}

struct Unit {
    std::string_view name;
    std::int64_t microseconds;
};
// Longest first; a duration names them in this order.
constexpr std::array<Unit, 6> k_units = {{{"d", 86'400'000'000},
                                          {"h", 3'600'000'000},
                                          {"m", 60'000'000},
                                          {"s", 1'000'000},
                                          {"ms", 1'000},
                                          {"us", 1}}};

tl::unexpected<Error> bad_duration(std::string_view text) {
    return fail(ErrorKind::usage, fmt::format("'{}' is no duration", text),
                "write it as 90s, 1.5m, 2h, 1h30m or 250ms; a bare number is seconds");
}

/// A non-negative decimal number in units of 1/1'000'000, off the front of `text`.
bool read_decimal(std::string_view& text, std::int64_t& millionths) {
    std::size_t digits = 0;
    std::int64_t whole = 0;
    while (digits < text.size() && is_digit(text[digits])) {
        if (whole > 1'000'000'000'000) {
            return false;
        }
        whole = whole * 10 + (text[digits++] - '0');
    }
    if (digits == 0) {
        return false;
    }
    text.remove_prefix(digits);
    std::int64_t fraction = 0;
    if (!text.empty() && text.front() == '.') {
        text.remove_prefix(1);
        std::int64_t unit = 100'000;
        std::size_t places = 0;
        for (; places < text.size() && is_digit(text[places]); ++places) {
            fraction += unit * (text[places] - '0');
            unit /= 10;
        }
        if (places == 0) {
            return false;
        }
        text.remove_prefix(places);
    }
    return !__builtin_mul_overflow(whole, 1'000'000, &millionths) &&
           !__builtin_add_overflow(millionths, fraction, &millionths);
}

/// value * unit / 1'000'000 without overflow on the way; false if it does not fit.
bool scale(std::int64_t millionths, std::int64_t unit, std::int64_t& result) {
    std::int64_t whole = 0;
    if (__builtin_mul_overflow(millionths / 1'000'000, unit, &whole)) {
        return false;
    }
    const std::int64_t part =
        std::llround(static_cast<double>(millionths % 1'000'000) / 1e6 * static_cast<double>(unit));
    return !__builtin_add_overflow(whole, part, &result);
}

constexpr std::size_t k_longest_time = sizeof("2026-11-22T09:30:00.000000Z");

/// The number in exactly so many digits. A list of jobs has thousands of times, for which
/// fmt::format would take as long as for all else.
void append_digits(std::string& text, std::int64_t number, std::size_t count) {
    const auto begin = text.size();
    text.append(count, '0');
    for (auto at = text.size(); at > begin; number /= 10) {
        text[--at] = static_cast<char>('0' + number % 10);
    }
}

}  // namespace

std::string rfc3339(WallTime time) {
    const auto day = std::chrono::floor<days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    const auto year = static_cast<int>(date.year());
    std::string text;
    text.reserve(k_longest_time);
    if (year >= 0 && year <= 9999) {
        append_digits(text, year, 4);
    } else {
        text += fmt::format("{:04}", year);
    }
    text += '-';
    append_digits(text, static_cast<unsigned>(date.month()), 2);
    text += '-';
    append_digits(text, static_cast<unsigned>(date.day()), 2);
    text += 'T';
    append_digits(text, clock.hours().count(), 2);
    text += ':';
    append_digits(text, clock.minutes().count(), 2);
    text += ':';
    append_digits(text, clock.seconds().count(), 2);
    if (clock.subseconds().count() != 0) {
        text += '.';
        append_digits(text, clock.subseconds().count(), 6);
    }
    text += 'Z';
    return text;
}

Result<WallTime> parse_rfc3339(std::string_view text) {
    Fields fields(text);
    const int year = fields.number(4);
    const bool dash = fields.any_of("-");
    const int month = fields.number(2);
    const bool second_dash = fields.any_of("-");
    const int day = fields.number(2);
    if (year < 0 || !dash || month < 0 || !second_dash || day < 0) {
        return bad_time(text);
    }
    const std::chrono::year_month_day date(std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day)));
    if (!date.ok()) {
        return bad_time(text);
    }
    const auto midnight = WallTime(std::chrono::sys_days(date));
    if (fields.done()) {
        return midnight;
    }
    Microseconds time{};
    Microseconds offset{};
    if (!fields.any_of("Tt ") || !read_time_of_day(fields, time) || !read_offset(fields, offset) ||
        !fields.done()) {
        return bad_time(text);
    }
    return midnight + time - offset;
}

Result<Microseconds> parse_duration(std::string_view text) {
    auto rest = text;
    std::int64_t total = 0;
    std::size_t next_unit = 0;
    while (!rest.empty()) {
        const bool first = rest.size() == text.size();
        std::int64_t millionths = 0;
        if (!read_decimal(rest, millionths)) {
            return bad_duration(text);
        }
        const auto end = std::min(rest.find_first_of("0123456789."), rest.size());
        auto name = rest.substr(0, end);
        rest.remove_prefix(end);
        if (name.empty() && first) {
            name = "s";
        }
        while (next_unit < k_units.size() && k_units[next_unit].name != name) {
            ++next_unit;
        }
        std::int64_t part = 0;
        if (next_unit == k_units.size() ||
            !scale(millionths, k_units[next_unit].microseconds, part) ||
            __builtin_add_overflow(total, part, &total)) {
            return bad_duration(text);
        }
        ++next_unit;
    }
    if (text.empty()) {
        return bad_duration(text);
    }
    return Microseconds(total);
}

std::string format_duration(Microseconds duration) {
    if (duration < Microseconds::zero()) {
        return "-" + format_duration(-duration);
    }
    const auto count = duration.count();
    const auto total = count / 1'000'000;
    if (count != 0 && total == 0) {
        return fmt::format("{}ms", count / 1'000);
    }
    if (total < 60) {
        return fmt::format("{}s", total);
    }
    if (total < 3'600) {
        return fmt::format("{}m{:02}s", total / 60, total % 60);
    }
    if (total < 86'400) {
        return fmt::format("{}h{:02}m", total / 3'600, total / 60 % 60);
    }
    return fmt::format("{}d{:02}h", total / 86'400, total / 3'600 % 24);
}

}  // namespace genevactl::base
