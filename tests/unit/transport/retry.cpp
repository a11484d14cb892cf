// SPDX-License-Identifier: Apache-2.0
#include "retry.hpp"

#include <set>

#include "support/catch.hpp"

using namespace genevactl::transport;
using namespace std::chrono_literals;
using genevactl::base::Microseconds;
using genevactl::base::parse_rfc3339;

TEST_CASE("what is sent again, for each way an attempt may end") {
    struct Row {
        Outcome outcome;
        bool safe;
        bool unaccepted;
    };
    const std::vector<Row> expected = {
        {Outcome::answered, false, false},       {Outcome::timed_request, true, false},
        {Outcome::throttled, true, true},        {Outcome::bad_gateway, true, false},
        {Outcome::told_to_wait, true, true},     {Outcome::unavailable, true, false},
        {Outcome::gateway_timeout, true, false}, {Outcome::not_resolved, true, true},
        {Outcome::not_connected, true, true},    {Outcome::not_listening, false, false},
        {Outcome::not_trusted, false, false},    {Outcome::proxy_refused, false, false},
        {Outcome::broken, true, false},          {Outcome::unusable, false, false},
        {Outcome::out_of_time, false, false},    {Outcome::interrupted, false, false},
        {Outcome::store_failed, true, false},    {Outcome::stalled, true, false}};
    CHECK(retry_table().size() == expected.size());
    for (const auto& row : expected) {
        INFO(static_cast<int>(row.outcome));
        CHECK(may_retry(row.outcome, Repeat::safe) == row.safe);
        CHECK(may_retry(row.outcome, Repeat::unaccepted) == row.unaccepted);
    }
}

TEST_CASE("the table names every outcome once, in order") {
    int next = 0;
    for (const auto& row : retry_table()) {
        CHECK(static_cast<int>(row.outcome) == next++);
        CHECK_FALSE(row.meaning.empty());
        CHECK((row.safe || !row.unaccepted));  // what may be repeated after a doubt may be without
    }
}

TEST_CASE("only the statuses of the table are worth another attempt") {
    for (long status = 100; status < 600; ++status) {
        const auto outcome = outcome_of_status(status, false);
        const bool listed = std::set<long>{408, 429, 502, 503, 504}.count(status) > 0;
        INFO(status);
        CHECK((outcome != Outcome::answered) == listed);
    }
    CHECK(outcome_of_status(503, false) == Outcome::unavailable);
    CHECK(outcome_of_status(503, true) == Outcome::told_to_wait);
    CHECK(outcome_of_status(200, true) == Outcome::answered);
    CHECK(outcome_of_status(429, true) == Outcome::throttled);
    CHECK(outcome_of_status(408, true) == Outcome::timed_request);
    CHECK(outcome_of_status(502, true) == Outcome::bad_gateway);
    CHECK(outcome_of_status(504, true) == Outcome::gateway_timeout);
}

TEST_CASE("waits double with full jitter up to eight seconds") {
    CHECK(delay_before_retry(0, 0.0, {}) == 0ms);
    CHECK(delay_before_retry(0, 1.0, {}) == 250ms);
    CHECK(delay_before_retry(1, 1.0, {}) == 500ms);
    CHECK(delay_before_retry(4, 0.5, {}) == 2s);
    CHECK(delay_before_retry(5, 1.0, {}) == 8s);
    CHECK(delay_before_retry(60, 1.0, {}) == 8s);
}

TEST_CASE("what the server asks for is waited for, and the jitter on top of it") {
    CHECK(delay_before_retry(0, 0.0, 30s) == 30s);
    CHECK(delay_before_retry(0, 1.0, 30s) == 30s + 250ms);
    CHECK(delay_before_retry(1, 0.5, 0s) == 250ms);
}

TEST_CASE("Retry-After is seconds or a date in one of three forms") {
    const auto now = parse_rfc3339("1994-11-06T08:49:07Z").value();
    CHECK(parse_retry_after("120", now) == Microseconds(120s));
    CHECK(parse_retry_after(" 0 ", now) == Microseconds(0s));
    CHECK(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", now) == Microseconds(30s));
    CHECK(parse_retry_after("Sunday, 06-Nov-94 08:49:37 GMT", now) == Microseconds(30s));
    CHECK(parse_retry_after("Sun Nov  6 08:49:37 1994", now) == Microseconds(30s));
    CHECK(parse_retry_after("Sun, 06 Nov 1994 08:49:00 GMT", now) == Microseconds(0s));
    CHECK(parse_retry_after("99999999999999999999", now).value() > 24h * 365);
}

TEST_CASE("a Retry-After that is neither is not waited for") {
    const auto now = parse_rfc3339("1994-11-06T08:49:07Z").value();
    for (const auto* value :
         {"", "soon", "-1", "1.5", "10s", "Sun, 06 Nov 1994", "Sun, 06 Nov 1994 08:49:37 CET",
          "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT",
          "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Nov 99999999999 08:49:37 GMT"}) {
        INFO(value);
        CHECK_FALSE(parse_retry_after(value, now));
    }
}
