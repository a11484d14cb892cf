// SPDX-License-Identifier: Apache-2.0
#include "genevactl/storage/options.hpp"

#include "option_source.hpp"
#include "support/catch.hpp"
#include "support/fake_clock.hpp"

using namespace genevactl;
using namespace genevactl::storage;
using namespace std::chrono_literals;

namespace {

StoreOptions options(const std::map<std::string, std::string>& values) {
    std::map<std::string, base::Secret> secrets;
    for (const auto& [name, value] : values) {
        secrets.emplace(name, base::Secret(value));
    }
    return StoreOptions(std::move(secrets));
}

StoreOptions expiring(test::FakeClock& clock, base::Microseconds in, const std::string& token) {
    const auto end = std::chrono::duration_cast<std::chrono::milliseconds>(
        (clock.now() + in).time_since_epoch());
    return options({{"expires_at_millis", std::to_string(end.count())}, {"token", token}});
}

std::string token_of(const base::Result<Options>& options) {
    return options.value()->text({"token"}).value_or("");
}

}  // namespace

TEST_CASE("options are found by the first of their names that has a value") {
    const auto all = options({{"AWS_Region", "eu-west-1"}, {"region", "x"}, {"aws_endpoint", ""}});
    CHECK(all.text({"aws_region", "region"}) == "eu-west-1");
    CHECK(all.text({"nothing", "region"}) == "x");
    CHECK_FALSE(all.text({"aws_endpoint"}));
    CHECK(all.secret({"aws_endpoint"}).empty());
    CHECK(all.secret({"aws_region"}).reveal() == "eu-west-1");
}

TEST_CASE("a flag is set by the words that mean it") {
    for (const auto* word : {"true", "True", "1", "yes", "ON"}) {
        CHECK(options({{"allow_http", word}}).flag({"allow_http"}));
    }
    for (const auto* word : {"false", "0", "no", "", "maybe"}) {
        CHECK_FALSE(options({{"allow_http", word}}).flag({"allow_http"}));
    }
    CHECK_FALSE(StoreOptions().flag({"allow_http"}));
}

TEST_CASE("an expiry that is no time is none") {
    CHECK(options({{"expires_at_millis", "1795339800000"}}).expires_at() ==
          base::parse_rfc3339("2026-11-22T09:30:00Z").value());
    for (const auto* text : {"soon", "-1", "1.5", "99999999999999999999", "9223372036854775807"}) {
        CHECK_FALSE(options({{"expires_at_millis", text}}).expires_at());
    }
}

TEST_CASE("options are vended anew before they expire") {
    test::FakeClock clock;
    int asked = 0;
    const auto vend = [&]() -> base::Result<StoreOptions> {
        return expiring(clock, 1h, "t" + std::to_string(++asked));
    };
    OptionSource source(expiring(clock, 1h, "t0"), vend, clock);
    clock.sleep_for(54min);
    CHECK(token_of(source.current()) == "t0");
    clock.sleep_for(1min);
    CHECK(token_of(source.current()) == "t1");
    CHECK(token_of(source.current()) == "t1");
    CHECK(asked == 1);
}

TEST_CASE("options of a short life are used for most of it") {
    test::FakeClock clock;
    int asked = 0;
    const auto vend = [&]() -> base::Result<StoreOptions> {
        return expiring(clock, 60s, "t" + std::to_string(++asked));
    };
    OptionSource source(expiring(clock, 60s, "t0"), vend, clock);
    clock.sleep_for(44s);
    CHECK(token_of(source.current()) == "t0");
    clock.sleep_for(1s);
    CHECK(token_of(source.current()) == "t1");
    CHECK(asked == 1);
}

TEST_CASE("what cannot be vended anew is used until it has expired") {
    test::FakeClock clock;
    const auto vend = []() -> base::Result<StoreOptions> {
        return base::fail(base::ErrorKind::unreachable, "no answer");
    };
    OptionSource source(expiring(clock, 1h, "t0"), vend, clock);
    clock.sleep_for(59min);
    CHECK(token_of(source.current()) == "t0");
    clock.sleep_for(1min);
    const auto result = source.current();
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == base::ErrorKind::unreachable);
    CHECK(result.error().context.at(0) == "asking the deployment for fresh storage credentials");
}

TEST_CASE("options that the store refuses are replaced once for all who had them") {
    test::FakeClock clock;
    int asked = 0;
    const auto vend = [&]() -> base::Result<StoreOptions> {
        return options({{"token", "t" + std::to_string(++asked)}});
    };
    OptionSource source(options({{"token", "t0"}}), vend, clock);
    const auto stale = source.current().value();
    CHECK(token_of(source.instead_of(stale)) == "t1");
    CHECK(token_of(source.instead_of(stale)) == "t1");
    CHECK(asked == 1);
    OptionSource fixed(options({{"token", "t0"}}), nullptr, clock);
    CHECK(fixed.instead_of(fixed.current().value()).value() == nullptr);
}
