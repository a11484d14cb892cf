// SPDX-License-Identifier: Apache-2.0
#include "retry.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "genevactl/base/text.hpp"
#include "genevactl/transport/http_date.hpp"

namespace genevactl::transport {

const std::array<RetryRow, 18>& retry_table() {
    static constexpr std::array<RetryRow, 18> k_table = {{
        {Outcome::answered, false, false, "any other answer"},
        {Outcome::timed_request, true, false, "408: the request took too long to arrive"},
        {Outcome::throttled, true, true, "429: turned away before it was looked at"},
        {Outcome::bad_gateway, true, false, "502: what stands behind may have accepted it"},
        {Outcome::told_to_wait, true, true, "503 with Retry-After: turned away on purpose"},
        {Outcome::unavailable, true, false,
         "503 without: gateways also say so when the answer was lost"},
        {Outcome::gateway_timeout, true, false, "504: what stands behind may be at it"},
        {Outcome::not_resolved, true, true, "the host's name could not be resolved"},
        {Outcome::not_connected, true, true, "no connection was made"},
        {Outcome::not_listening, false, false,
         "nothing listens on a port of this machine: waiting starts no server"},
        {Outcome::not_trusted, false, false, "the TLS handshake or the certificate failed"},
        {Outcome::proxy_refused, false, false, "the proxy refused the connection"},
        {Outcome::broken, true, false, "the connection broke: no answer, or half of one"},
        {Outcome::unusable, false, false, "an answer that is too large, or no HTTP"},
        {Outcome::out_of_time, false, false, "the total deadline passed"},
        {Outcome::interrupted, false, false, "a signal came"},
        {Outcome::store_failed, true, false, "500 from an object store"},
        {Outcome::stalled, true, false, "nothing of a large body moved for a while"},
    }};
    return k_table;
}

bool may_retry(Outcome outcome, Repeat repeat) {
    const auto& table = retry_table();
    const auto row = std::find_if(table.begin(), table.end(), [outcome](const RetryRow& each) {
        return each.outcome == outcome;
    });
    return row != table.end() && (repeat == Repeat::safe ? row->safe : row->unaccepted);
}

Outcome outcome_of_status(long status, bool has_retry_after) {
    switch (status) {
        case 408:
            return Outcome::timed_request;
        case 429:
            return Outcome::throttled;
        case 502:
            return Outcome::bad_gateway;
        case 503:
            return has_retry_after ? Outcome::told_to_wait : Outcome::unavailable;
        case 504:
            return Outcome::gateway_timeout;
        default:
            return Outcome::answered;
    }
}

base::Microseconds delay_before_retry(int attempt, double fraction,
                                      std::optional<base::Microseconds> retry_after) {
    constexpr base::Microseconds k_first = std::chrono::milliseconds(250);
    constexpr base::Microseconds k_longest = std::chrono::seconds(8);
    const auto ceiling =
        std::min<base::Microseconds>(k_first * (1LL << std::clamp(attempt, 0, 20)), k_longest);
    const auto jitter = base::Microseconds(
        static_cast<std::int64_t>(static_cast<double>(ceiling.count()) * fraction));
    return retry_after.value_or(base::Microseconds::zero()) + jitter;
}

namespace {

bool is_number(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// The number of a month, 1 to 12, or 0.
unsigned month_of(std::string_view name) {
    constexpr std::string_view k_months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const auto at = name.size() == 3 ? k_months.find(name) : std::string_view::npos;
    return at == std::string_view::npos || at % 3 != 0 ? 0 : static_cast<unsigned>(at / 3 + 1);
}

std::vector<std::string> words_of(std::string_view date) {
    std::string spaced(date);
    std::replace_if(
        spaced.begin(), spaced.end(), [](char c) { return c == ',' || c == '-' || c == ':'; }, ' ');
    auto words = base::split(spaced, ' ');
    std::erase(words, "");
    return words;
}

}  // namespace

std::optional<base::WallTime> parse_http_date(std::string_view text) {
    auto words = words_of(text);
    if (words.size() == 7) {  // the third form: month day time year
        words = {words[0], words[2], words[1], words[6], words[3], words[4], words[5], "GMT"};
    }
    if (words.size() != 8 || words[7] != "GMT") {
        return std::nullopt;
    }
    for (const std::size_t i : {1U, 3U, 4U, 5U, 6U}) {
        if (!is_number(words[i]) || words[i].size() > 4) {
            return std::nullopt;
        }
    }
    int year = std::stoi(words[3]);
    if (words[3].size() == 2) {
        year += year < 70 ? 2000 : 1900;
    }
    const std::chrono::year_month_day date(
        std::chrono::year(year), std::chrono::month(month_of(words[2])),
        std::chrono::day(static_cast<unsigned>(std::stoi(words[1]))));
    const int hour = std::stoi(words[4]);
    const int minute = std::stoi(words[5]);
    const int second = std::stoi(words[6]);
    if (!date.ok() || hour > 23 || minute > 59 || second > 60) {
        return std::nullopt;
    }
    return base::WallTime(std::chrono::sys_days(date)) + std::chrono::hours(hour) +
           std::chrono::minutes(minute) + std::chrono::seconds(second);
}

std::optional<base::Microseconds> parse_retry_after(std::string_view value, base::WallTime now) {
    const auto text = base::trim(value);
    if (is_number(text)) {
        constexpr long k_for_ever = 1'000'000'000;
        return std::chrono::seconds(text.size() > 9 ? k_for_ever : std::stol(std::string(text)));
    }
    const auto date = parse_http_date(text);
    if (!date) {
        return std::nullopt;
    }
    return std::max(base::Microseconds(*date - now), base::Microseconds::zero());
}

}  // namespace genevactl::transport
