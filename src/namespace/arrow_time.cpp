// SPDX-License-Identifier: Apache-2.0
#include "arrow_time.hpp"

#include <fmt/format.h>

namespace genevactl::ns {

namespace {

constexpr std::int64_t k_seconds_a_day = 86'400;
// What RFC 3339 can write: the years 0000 to 9999.
constexpr std::int64_t k_first_second = -62'167'219'200;
constexpr std::int64_t k_last_second = 253'402'300'799;

/// Ticks of a unit in a second, and how many digits they are.
struct Ticks {
    std::int64_t a_second;
    int digits;
};
Ticks ticks_of(ArrowTimeUnit unit) {
    switch (unit) {
        case NANOARROW_TIME_UNIT_MILLI:
            return {1'000, 3};
        case NANOARROW_TIME_UNIT_MICRO:
            return {1'000'000, 6};
        case NANOARROW_TIME_UNIT_NANO:
            return {1'000'000'000, 9};
        case NANOARROW_TIME_UNIT_SECOND:
            break;
    }
    return {1, 0};
}

/// Division that rounds down, with what is left over (never negative).
struct Divided {
    std::int64_t quotient;
    std::int64_t rest;
};
Divided divide(std::int64_t number, std::int64_t by) {
    Divided result{number / by, number % by};
    if (result.rest < 0) result = {result.quotient - 1, result.rest + by};
    return result;
}

/// Date and time of a second since 1970: "2026-11-22T09:30:00", without a zone.
std::optional<std::string> second_text(std::int64_t second) {
    if (second < k_first_second || second > k_last_second) return std::nullopt;
    return base::rfc3339(base::WallTime(std::chrono::seconds(second))).substr(0, 19);
}

std::string fraction_text(std::int64_t rest, int digits) {
    return rest == 0 ? std::string() : fmt::format(".{:0{}d}", rest, digits);
}

}  // namespace

std::optional<std::string> timestamp_text(ArrowTimeUnit unit, bool has_zone, std::int64_t value) {
    const auto ticks = ticks_of(unit);
    const auto [second, rest] = divide(value, ticks.a_second);
    const auto text = second_text(second);
    if (!text) return std::nullopt;
    return *text + fraction_text(rest, ticks.digits) + (has_zone ? "Z" : "");
}

std::optional<std::string> day_text(std::int64_t day) {
    const bool sane = day > -1'000'000 && day < 4'000'000;
    const auto text = sane ? second_text(day * k_seconds_a_day) : std::nullopt;
    if (!text) return std::nullopt;
    return text->substr(0, 10);
}

std::int64_t day_of_milliseconds(std::int64_t milliseconds) {
    return divide(milliseconds, k_seconds_a_day * 1000).quotient;
}

std::optional<std::string> time_of_day_text(ArrowTimeUnit unit, std::int64_t value) {
    const auto ticks = ticks_of(unit);
    const auto [second, rest] = divide(value, ticks.a_second);
    if (second < 0 || second >= k_seconds_a_day) return std::nullopt;
    return fmt::format("{:02}:{:02}:{:02}{}", second / 3600, second / 60 % 60, second % 60,
                       fraction_text(rest, ticks.digits));
}

std::optional<base::WallTime> wall_time(ArrowTimeUnit unit, std::int64_t value) {
    const auto ticks = ticks_of(unit);
    const auto [second, rest] = divide(value, ticks.a_second);
    if (second < k_first_second || second > k_last_second) return std::nullopt;
    const auto micros = ticks.a_second >= 1'000'000 ? rest / (ticks.a_second / 1'000'000)
                                                    : rest * (1'000'000 / ticks.a_second);
    return base::WallTime(base::Microseconds(second * 1'000'000 + micros));
}

}  // namespace genevactl::ns
