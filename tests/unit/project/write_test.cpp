// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "support.hpp"

using namespace project_test;
using project::Due;
using project::ManifestEntry;
using project::ViewEntry;

namespace {

project::File everything(const fs::path& folder) {
    project::File file{.path = folder / "geneva.toml"};
    file.manifests.push_back({.name = "embedding-deps",
                              .pip = {"wordllama==0.3.9", "a ; python_version < \"3\""},
                              .env_vars = {{"A B", "\"quoted\" \\ \n ü"}, {"N", ""}},
                              .extra_index_urls = {"https://pypi.example.com/simple"},
                              .comment = "two\nlines"});
    file.manifests.push_back({.name = "reqs and more",
                              .kind = ManifestEntry::Kind::requirements,
                              .requirements = {folder / "a/b.txt", "/etc/c.txt"},
                              .version = "1",
                              .head_image = "h",
                              .worker_image = "w"});
    file.manifests.push_back(
        {.name = "l", .kind = ManifestEntry::Kind::lock, .lock = folder / "uv.lock"});
    file.manifests.push_back({.name = "c",
                              .kind = ManifestEntry::Kind::capture,
                              .pip = {"cowsay==6.1"},
                              .py_modules = {"m"},
                              .skip_site_packages = true});
    file.manifests.push_back(
        {.name = "f", .kind = ManifestEntry::Kind::file, .file = folder / "manifests/f.json"});
    file.columns.push_back({.table = {{"docs"}},
                            .column = {{"embedding"}},
                            .transform = "features:embed",
                            .manifest = "embedding-deps",
                            .inputs = std::vector<std::string>{"text"},
                            .backfill = Due::never,
                            .where = "lang = 'en'"});
    file.columns.push_back(
        {.table = {{"team", "docs"}}, .column = {{"a.b"}}, .expression = "length(\"text\")"});
    file.columns.push_back({.table = {{"docs"}}, .column = {{"old"}}, .keep = true});
    file.views.push_back({.name = {{"team", "chunks"}},
                          .source = {{"docs"}},
                          .kind = ViewEntry::Kind::chunker,
                          .transform = "features:split",
                          .select = {"id", "n=length(text)"},
                          .where = "id > 2",
                          .manifest = "c",
                          .refresh = Due::always});
    file.views.push_back({.name = {{"stats"}},
                          .source = {{"docs"}},
                          .kind = ViewEntry::Kind::udtf,
                          .transform = "features:stats",
                          .partition_by = "lang"});
    file.views.push_back({.name = {{"q"}}, .source = {{"docs"}}});
    file.views.push_back({.name = {{"kept"}}, .kind = ViewEntry::Kind::keep});
    return file;
}

}  // namespace

TEST_CASE("what is written is read as the same") {
    const World world;
    const auto text = project::to_toml(everything(world.folder()), "db://demo");
    const auto again = world.loaded(text);
    CHECK(again.manifests.size() == 5);
    CHECK(again.columns.size() == 3);
    CHECK(again.views.size() == 4);
    CHECK(project::to_toml(again, "db://demo") + "" == [&] {
        auto plain = everything(world.folder());
        plain.manifests.front().comment.clear();
        return project::to_toml(plain, "db://demo");
    }());
    const auto& first = again.manifests.front();
    CHECK(first.env_vars.at("A B") == "\"quoted\" \\ \n ü");
    CHECK(first.pip.back() == "a ; python_version < \"3\"");
    CHECK(again.manifests[1].requirements.back() == "/etc/c.txt");
    CHECK(again.columns[1].column.parts == std::vector<std::string>{"a.b"});
    CHECK(again.views[2].kind == ViewEntry::Kind::query);
    CHECK(text.find("[deployment]\nuri = \"db://demo\"\n\n# two\n# lines\n"
                    "[manifests.embedding-deps]\n") == 0);
    CHECK(text.find("requirements = [\"a/b.txt\", \"/etc/c.txt\"]\n") != std::string::npos);
}

TEST_CASE("the schema is JSON and tells of every key") {
    const auto schema = nlohmann::json::parse(project::json_schema());
    CHECK(schema.at("$schema") == "https://json-schema.org/draft/2020-12/schema");
    for (const auto* definition : {"manifest", "column", "view"}) {
        for (const auto& [name, key] : schema.at("$defs").at(definition).at("properties").items()) {
            CHECK_FALSE(key.at("description").get<std::string>().empty());
        }
    }
    CHECK(schema.at("properties").at("deployment").at("properties").size() == 3);
}
