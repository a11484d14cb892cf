// SPDX-License-Identifier: Apache-2.0
#include "genevactl/base/digest.hpp"
#include "genevactl/base/hmac.hpp"

#include <set>

#include "support/catch.hpp"

using namespace genevactl::base;

TEST_CASE("SHA-256 equals the standard's examples") {
    CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(sha256_hex(std::string(1'000'000, 'a')) ==
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("base64 equals the examples of RFC 4648") {
    const std::vector<std::pair<std::string, std::string>> examples = {{"", ""},
                                                                       {"f", "Zg=="},
                                                                       {"fo", "Zm8="},
                                                                       {"foo", "Zm9v"},
                                                                       {"foob", "Zm9vYg=="},
                                                                       {"fooba", "Zm9vYmE="},
                                                                       {"foobar", "Zm9vYmFy"}};
    for (const auto& [bytes, text] : examples) {
        CHECK(base64_encode(bytes) == text);
        CHECK(base64_decode(text).value() == bytes);
    }
}

TEST_CASE("every byte survives base64") {
    std::string bytes;
    for (int i = 0; i < 256; ++i) {
        bytes += static_cast<char>(i);
        CHECK(base64_decode(base64_encode(bytes)).value() == bytes);
    }
    CHECK(base64_encode("\xFB\xFF") == "+/8=");
}

TEST_CASE("what is no base64 is refused") {
    for (const auto* text : {"Z", "Zg", "Zg=", "Zg===", "====", "Z===", "Zg==Zg==", "Zm9 ", "Zm9-",
                             "Zh==", "Zm9=", "=Zm9", "Z=g="}) {
        INFO(text);
        CHECK_FALSE(base64_decode(text));
    }
}

TEST_CASE("random digits have the length asked for and differ") {
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i) {
        const auto text = random_hex(16);
        CHECK(text.size() == 32);
        CHECK(text.find_first_not_of("0123456789abcdef") == std::string::npos);
        CHECK(seen.insert(text).second);
    }
    CHECK(random_hex(0).empty());
}

TEST_CASE("HMAC-SHA256 gives what RFC 4231 says") {
    // Test cases 1, 2 and 6 (a key longer than a block).
    CHECK(hex(hmac_sha256(std::string(20, '\x0b'), "Hi There")) ==
          "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    CHECK(hex(hmac_sha256("Jefe", "what do ya want for nothing?")) ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    CHECK(hex(hmac_sha256(std::string(131, '\xaa'),
                          "Test Using Larger Than Block-Size Key - Hash Key First")) ==
          "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}
