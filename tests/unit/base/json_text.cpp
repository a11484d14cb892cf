// SPDX-License-Identifier: Apache-2.0
#include "genevactl/base/json_text.hpp"

#include <nlohmann/json.hpp>

#include "support/catch.hpp"

using namespace genevactl::base;

namespace {

std::string written(const std::string& text) {
    std::string out = "[";
    append_json_text(out, text);
    return out + "]";
}

}  // namespace

TEST_CASE("a text becomes the string of JSON that nlohmann's dump makes of it") {
    std::vector<std::string> texts = {"",         "docs.embedding", "caf\xC3\xA9 \xE6\x97\xA5",
                                      "\xE6\x97", "\xED\xA0\x80",   "a\"b\\c/d\n\x1b[0m"};
    for (int byte = 0; byte < 256; ++byte) {
        texts.push_back(std::string("a") + static_cast<char>(byte) + "b");
    }
    for (const auto& text : texts) {
        CAPTURE(text);
        const auto array = nlohmann::json::array({text});
        CHECK(written(text) ==
              array.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    }
    CHECK(written("a\xFF") == "[\"a\xEF\xBF\xBD\"]");
    CHECK(written("\"\n\x7F") == "[\"\\\"\\n\x7F\"]");
}
