// SPDX-License-Identifier: Apache-2.0
#include "genevactl/base/secret.hpp"

#include <ostream>
#include <type_traits>

#include "support/catch.hpp"

using namespace genevactl::base;

namespace {

template <typename T, typename = void>
constexpr bool k_streams = false;
template <typename T>
constexpr bool
    k_streams<T, std::void_t<decltype(std::declval<std::ostream&>() << std::declval<const T&>())>> =
        true;

}  // namespace

TEST_CASE("a secret cannot be written to a stream or taken for a string") {
    STATIC_REQUIRE(k_streams<std::string>);
    STATIC_REQUIRE_FALSE(k_streams<Secret>);
    STATIC_REQUIRE_FALSE(std::is_convertible_v<Secret, std::string>);
    STATIC_REQUIRE_FALSE(std::is_convertible_v<Secret, std::string_view>);
    STATIC_REQUIRE_FALSE(std::is_convertible_v<std::string, Secret>);
}

TEST_CASE("every occurrence of a secret is redacted") {
    const Secret secret("s3cret");
    CHECK(redact("a s3cret, s3crets3cret.", secret) == "a [redacted], [redacted][redacted].");
    CHECK(redact("nothing", secret) == "nothing");
    CHECK(redact("redacted", Secret("acte")) == "red[redacted]d");
    CHECK(redact("abc abc", Secret("abc")) == "abc abc");
    CHECK(redact("abc", Secret()) == "abc");
}

TEST_CASE("names of variables that hold secrets are known") {
    for (const auto* name : {"API_KEY", "api_key", "OPENAI_APIKEY", "GITHUB_TOKEN", "CLIENT_SECRET",
                             "DB_PASSWORD", "MYSQL_PASSWD", "AWS_CREDENTIALS", "TOKEN"}) {
        CHECK(names_a_secret(name));
    }
    for (const auto* name : {"PATH", "HOME", "KEYBOARD", "TOKENIZERS_PARALLELISM", "", "EY"}) {
        CHECK_FALSE(names_a_secret(name));
    }
}

TEST_CASE("a URL is shown without user, password, query values and fragment") {
    CHECK(redact_url("https://host:8443/a/b") == "https://host:8443/a/b");
    CHECK(redact_url("https://user:pw@host/a") == "https://host/a");
    CHECK(redact_url("https://token@host") == "https://host");
    CHECK(redact_url("https://host/a?sig=abc&x=1#part") ==
          "https://host/a?sig=[redacted]&x=[redacted]");
    CHECK(redact_url("https://host/a?abc") == "https://host/a?[redacted]");
    CHECK(redact_url("https://host?") == "https://host?[redacted]");
    CHECK(redact_url("https://host/a@b") == "https://host/a@b");
    CHECK(redact_url("user:pw@host/x") == "host/x");
    CHECK(redact_url("").empty());
}

TEST_CASE("a password is not shown even where it breaks the URL") {
    CHECK(redact_url("https://user:pa/ss@host/a") == "https://host/a");
    CHECK(redact_url("https://user:pa?ss@host/a") == "https://host/a");
    CHECK(redact_url("https://user:pa#ss@host/a") == "https://host/a");
    CHECK(redact_url("https://user:p@ss@host/a") == "https://host/a");
    CHECK(redact_url("https://[::1]:80/a@b") == "https://[::1]:80/a@b");
}
