// SPDX-License-Identifier: Apache-2.0
#include "genevactl/model/registration.hpp"

#include "support/catch.hpp"

using namespace genevactl;
using model::Registration;

namespace {

std::optional<Registration> read(const std::string& text) {
    return model::registration_of({{model::k_registered_key, text}});
}

}  // namespace

TEST_CASE("a registration is read back as it was kept") {
    const auto at = base::parse_rfc3339("2026-11-22T09:30:00.000001Z").value();
    const auto job = base::parse_rfc3339("2026-11-22T09:00:00Z").value();
    const auto altered = read(
        model::registration_text({.how = Registration::How::altered, .at = at, .last_job = job}));
    REQUIRE(altered.has_value());
    CHECK(altered->how == Registration::How::altered);
    CHECK(altered->at == at);
    CHECK(altered->last_job == job);
    const auto added = read(model::registration_text({.at = at}));
    REQUIRE(added.has_value());
    CHECK(added->how == Registration::How::added);
    CHECK_FALSE(added->last_job.has_value());
}

TEST_CASE("a time alone is a registration at that time") {
    const auto at = base::parse_rfc3339("2026-11-22T09:30:00Z").value();
    const auto registration = read("2026-11-22T09:30:00Z");
    REQUIRE(registration.has_value());
    CHECK(registration->how == Registration::How::added);
    CHECK(registration->last_job == at);
}

TEST_CASE("a registration that cannot be read is none") {
    CHECK_FALSE(model::registration_of({}).has_value());
    for (const auto* text : {"", "[]", "null", R"({"how":"moved","last_job":null})",
                             R"({"how":"added"})", R"({"how":"added","last_job":"yesterday"})"}) {
        CHECK_FALSE(read(text).has_value());
    }
}
