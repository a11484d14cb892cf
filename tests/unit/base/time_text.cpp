// SPDX-License-Identifier: Apache-2.0
#include "genevactl/base/clock.hpp"
#include "support/catch.hpp"

using namespace genevactl::base;
using namespace std::chrono_literals;

namespace {

WallTime at(long long microseconds) {
    return WallTime(Microseconds(microseconds));
}

}  // namespace

TEST_CASE("times are written in UTC with the fraction that is there") {
    CHECK(rfc3339(at(0)) == "1970-01-01T00:00:00Z");
    CHECK(rfc3339(at(1'795'339'800'000'000)) == "2026-11-22T09:30:00Z");
    CHECK(rfc3339(at(1'795'339'800'250'000)) == "2026-11-22T09:30:00.250000Z");
    CHECK(rfc3339(at(-1)) == "1969-12-31T23:59:59.999999Z");
    CHECK(rfc3339(at(951'782'400'000'000)) == "2000-02-29T00:00:00Z");
    CHECK(rfc3339(at(253'402'300'799'000'001)) == "9999-12-31T23:59:59.000001Z");
    CHECK(rfc3339(at(253'402'300'800'000'000)) == "10000-01-01T00:00:00Z");
    CHECK(rfc3339(at(-62'167'219'200'000'000)) == "0000-01-01T00:00:00Z");
    CHECK(rfc3339(at(-62'198'755'200'000'000)) == "-001-01-01T00:00:00Z");
}

TEST_CASE("RFC 3339 is read with its offset") {
    CHECK(parse_rfc3339("2026-11-22T09:30:00Z").value() == at(1'795'339'800'000'000));
    CHECK(parse_rfc3339("2026-11-22t09:30:00z").value() == at(1'795'339'800'000'000));
    CHECK(parse_rfc3339("2026-11-22T11:30:00+02:00").value() == at(1'795'339'800'000'000));
    CHECK(parse_rfc3339("2026-11-22T04:00:00-05:30").value() == at(1'795'339'800'000'000));
    CHECK(parse_rfc3339("2026-11-22 09:30:00.25Z").value() == at(1'795'339'800'250'000));
    CHECK(parse_rfc3339("2026-11-22T09:30:00.123456789Z").value() == at(1'795'339'800'123'456));
    CHECK(parse_rfc3339("2026-11-22").value() == at(1'795'305'600'000'000));
    CHECK(parse_rfc3339("1990-12-31T23:59:60Z").value() ==
          parse_rfc3339("1991-01-01T00:00:00Z").value());
}

TEST_CASE("what is written is read back") {
    for (const long long time : {0LL, 1LL, 1'795'339'800'000'001LL, 253'402'300'799'999'999LL}) {
        CHECK(parse_rfc3339(rfc3339(at(time))).value() == at(time));
    }
}

TEST_CASE("what is no time is refused with a hint") {
    for (const auto* text :
         {"", "today", "2026-13-01", "2026-02-30", "2026-11-22T", "2026-11-22T09:30:00",
          "2026-11-22T09:30Z", "2026-11-22T24:00:00Z", "2026-11-22T09:60:00Z",
          "2026-11-22T09:30:00.Z", "2026-11-22T09:30:00Zx", "2026-11-22T09:30:00+0200",
          "2026-11-22x", "-026-11-22", "+026-11-22"}) {
        INFO(text);
        const auto result = parse_rfc3339(text);
        REQUIRE_FALSE(result);
        CHECK(result.error().kind == ErrorKind::usage);
        CHECK_FALSE(result.error().hint.empty());
    }
}

TEST_CASE("durations are read in every unit") {
    CHECK(parse_duration("90").value() == 90s);
    CHECK(parse_duration("90s").value() == 90s);
    CHECK(parse_duration("0").value() == 0s);
    CHECK(parse_duration("1.5").value() == 1500ms);
    CHECK(parse_duration("1.5m").value() == 90s);
    CHECK(parse_duration("2h").value() == 2h);
    CHECK(parse_duration("1d").value() == 24h);
    CHECK(parse_duration("250ms").value() == 250ms);
    CHECK(parse_duration("7us").value() == 7us);
    CHECK(parse_duration("1h30m").value() == 90min);
    CHECK(parse_duration("1d2h3m4s5ms6us").value() == 26h + 3min + 4s + 5ms + 6us);
    CHECK(parse_duration("0.1s").value() == 100ms);
}

TEST_CASE("what is no duration is refused") {
    for (const auto* text : {"", "s", "-1s", "1 s", "1x", "1s2", "30m1h", "1h1h", "1.s", ".5s",
                             "1..5s", "1e3", "99999999999999999999", "9999999999999d", "1hm"}) {
        INFO(text);
        const auto result = parse_duration(text);
        REQUIRE_FALSE(result);
        CHECK(result.error().kind == ErrorKind::usage);
    }
}

TEST_CASE("durations are written as a person reads them") {
    CHECK(format_duration(0s) == "0s");
    CHECK(format_duration(850ms) == "850ms");
    CHECK(format_duration(999'999us) == "999ms");
    CHECK(format_duration(12s) == "12s");
    CHECK(format_duration(185s) == "3m05s");
    CHECK(format_duration(130min) == "2h10m");
    CHECK(format_duration(99h) == "4d03h");
    CHECK(format_duration(-12s) == "-12s");
}
