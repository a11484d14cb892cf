// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "fixture.hpp"
#include "genevactl/base/text.hpp"

using namespace settings_test;

namespace {

std::string code(std::string_view text) {
    return text.empty() ? std::string("–") : fmt::format("`{}`", text);
}

/// The table of docs/settings.md as the program would write it.
std::string table_of_settings() {
    std::string text =
        "| setting | environment | project file | default | type | meaning |\n"
        "|---|---|---|---|---|---|\n";
    for (const auto& key : settings::keys()) {
        const auto table =
            key.project_table.empty() ? std::string() : fmt::format("[{}]", key.project_table);
        text += fmt::format("| {} | {} | {} | {} | {} | {} |\n", code(key.name),
                            code(key.environment), code(table), code(key.default_value),
                            key.secret ? "secret" : key.type, key.meaning);
    }
    return text;
}

}  // namespace

TEST_CASE("the manual has the table of settings") {
    const auto file = fs::path(GENEVACTL_TEST_DATA) / "../../../../docs/settings.md";
    const auto manual = content(file.lexically_normal());
    const auto table = table_of_settings();
    INFO("docs/settings.md should hold:\n" << table);
    CHECK(manual.find(table) != std::string::npos);
}

TEST_CASE("no two settings share a name or a variable") {
    std::vector<std::string> seen;
    for (const auto& key : settings::keys()) {
        for (const auto name : {key.name, key.environment}) {
            CHECK(std::ranges::find(seen, name) == seen.end());
            seen.emplace_back(name);
        }
    }
}
