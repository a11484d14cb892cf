// SPDX-License-Identifier: Apache-2.0
#include "genevactl/run/view_create.hpp"
#include "support/catch.hpp"

using namespace genevactl;

namespace {

/// "name|expression; name|expression", "all", or "error".
std::string parsed(const std::vector<std::string>& texts) {
    const auto columns = run::parse_selection(texts);
    if (!columns) return "error";
    if (!*columns) return "all";
    std::string text;
    for (const auto& column : **columns) {
        text += (text.empty() ? "" : "; ") + column.name + "|" + column.expression;
    }
    return text;
}

}  // namespace

TEST_CASE("what --select says", "[run][view]") {
    CHECK(parsed({}) == "all");
    CHECK(parsed({" * "}) == "all");
    CHECK(parsed({"id, text", "n"}) == "id|id; text|text; n|n");
    CHECK(parsed({"n=length(text)"}) == "n|length(text)");
    CHECK(parsed({"p = concat(a, ',', b) "}) == "p|concat(a, ',', b)");
    CHECK(parsed({"same=a = b"}) == "same|a = b");
    CHECK(parsed({"`a=b`,`c,d`"}) == "a=b|a=b; c,d|c,d");
    CHECK(parsed({"`a=b`=`c,d`"}) == "a=b|`c,d`");
    CHECK(parsed({"`a,b`=1"}) == "a,b|1");
    CHECK(parsed({"lang=meta.lang"}) == "lang|meta.lang");
    for (const auto* bad : {"", ",", "id,", "meta.lang", "n=", "=n", "`id", "a b=1", "id,n=1"}) {
        INFO(bad);
        CHECK(parsed({bad}) == "error");
    }
    CHECK(parsed({"id", "id"}) == "error");
    CHECK(parsed({"*", "id"}) == "error");
}
