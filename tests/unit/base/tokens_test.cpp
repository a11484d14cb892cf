// SPDX-License-Identifier: Apache-2.0
#include "genevactl/base/tokens.hpp"

#include <string>

#include "support/catch.hpp"

using genevactl::base::holds_token;
using genevactl::base::is_token;

TEST_CASE("a token by itself") {
    const std::string digits(40, '1');
    for (const std::string prefix : {"ghp_", "AKIA", "sk-", "hf_", "npm_", "ldb_", "dckr_pat_"}) {
        CAPTURE(prefix);
        CHECK(is_token(prefix + digits));
        CHECK_FALSE(is_token(prefix));
        CHECK_FALSE(is_token("x " + prefix + digits));
    }
    CHECK_FALSE(is_token("sk-learn"));
    CHECK_FALSE(is_token(""));
}

TEST_CASE("a token among other words") {
    const std::string tail = "a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4e5f6";
    CHECK(holds_token("key = 'ghp_" + tail + "'"));
    CHECK(holds_token("hf_" + tail));
    CHECK(holds_token("x\nAKIAABCDEFGHIJ234567"));
    CHECK(holds_token("sk-proj-" + tail + tail));
    // Too short, in the middle of a word, a placeholder, a prefix that begins ordinary words.
    CHECK_FALSE(holds_token("ghp_a1b2c3"));
    CHECK_FALSE(holds_token("my_ghp_" + tail));
    CHECK_FALSE(holds_token("ghp_" + std::string(36, 'x')));
    CHECK_FALSE(holds_token("ghp_" + std::string(36, '1')));
    CHECK_FALSE(holds_token("ghp_abcdefghijklmnopqrstuvwxyzabcdefghij"));
    CHECK_FALSE(holds_token("sk-learn-extensions-1-and-more-words"));
    CHECK_FALSE(holds_token(""));
    CHECK_FALSE(holds_token("g"));
}
