// SPDX-License-Identifier: Apache-2.0
#include "support.hpp"

using namespace project_test;
using base::ErrorKind;
using project::Due;
using project::ManifestEntry;
using project::ViewEntry;

namespace {

/// What the documentation shows.
constexpr const char* k_example = R"([deployment]
uri = "db://demo"
[manifests.embedding-deps]
pip = ["wordllama==0.3.9"]
env_vars = { HF_HUB_OFFLINE = "1" }
[columns."docs.embedding"]
transform = "features:embed"
manifest = "embedding-deps"
inputs = ["text"]
backfill = "new"
where = "lang = 'en'"
[views.chunks]
source = "docs"
chunker = "features:split_document"
select = ["id", "text"]
where = "id > 2"
manifest = "embedding-deps"
refresh = "new"
)";

}  // namespace

TEST_CASE("the example of the documentation is read to the letter") {
    const World world;
    const auto file = world.loaded(k_example);
    CHECK(file.path == world.file());
    REQUIRE(file.manifests.size() == 1);
    const auto& manifest = file.manifests.front();
    CHECK(manifest.name == "embedding-deps");
    CHECK(manifest.kind == ManifestEntry::Kind::pip);
    CHECK(manifest.pip == std::vector<std::string>{"wordllama==0.3.9"});
    CHECK(manifest.env_vars == std::map<std::string, std::string>{{"HF_HUB_OFFLINE", "1"}});
    CHECK(manifest.origin.text() == world.file().string() + ":3");
    REQUIRE(file.columns.size() == 1);
    const auto& column = file.columns.front();
    CHECK(column.text() == "docs.embedding");
    CHECK(column.table.text() == "docs");
    CHECK(column.transform == "features:embed");
    CHECK_FALSE(column.expression);
    CHECK(column.manifest == "embedding-deps");
    CHECK(column.inputs == std::vector<std::string>{"text"});
    CHECK(column.backfill == Due::fresh);
    CHECK(column.where == "lang = 'en'");
    CHECK(column.origin.line == 6);
    REQUIRE(file.views.size() == 1);
    const auto& view = file.views.front();
    CHECK(view.name.text() == "chunks");
    CHECK(view.source.text() == "docs");
    CHECK(view.kind == ViewEntry::Kind::chunker);
    CHECK(view.transform == "features:split_document");
    CHECK(view.select == std::vector<std::string>{"id", "text"});
    CHECK(view.where == "id > 2");
    CHECK(view.manifest == "embedding-deps");
    CHECK(view.refresh == Due::fresh);
    CHECK(file.manifest("embedding-deps") == &manifest);
    CHECK(file.manifest("embedding") == nullptr);
}

TEST_CASE("every kind of manifest, with paths from the folder of the file") {
    World world;
    world.surroundings.working_directory = world.folder() / "deep";
    const auto file = world.loaded(R"([manifests.b]
requirements = ["reqs/a.txt", "/etc/b.txt", "~/c.txt"]
extra_index_urls = ["https://pypi.example.com/simple"]
[manifests.a]
requirements = "../other.txt"
[manifests.locked]
lock = "uv.lock"
version = "3"
head_image = "ray:2"
worker_image = "ray:3"
py_modules = ["mine"]
[manifests.all]
capture = true
pip = ["cowsay==6.1"]
skip_site_packages = true
[manifests.ready]
file = "ready.json"
)");
    const auto folder = world.folder();
    REQUIRE(file.manifests.size() == 5);
    CHECK(file.manifests[0].kind == ManifestEntry::Kind::requirements);
    CHECK(file.manifests[0].requirements ==
          std::vector<fs::path>{folder / "reqs/a.txt", "/etc/b.txt", world.home() / "c.txt"});
    CHECK(file.manifests[0].extra_index_urls.size() == 1);
    CHECK(file.manifests[1].requirements == std::vector<fs::path>{world.home() / "other.txt"});
    CHECK(file.manifests[2].kind == ManifestEntry::Kind::lock);
    CHECK(file.manifests[2].lock == folder / "uv.lock");
    CHECK(file.manifests[2].version == "3");
    CHECK(file.manifests[2].head_image == "ray:2");
    CHECK(file.manifests[2].worker_image == "ray:3");
    CHECK(file.manifests[2].py_modules == std::vector<std::string>{"mine"});
    CHECK(file.manifests[3].kind == ManifestEntry::Kind::capture);
    CHECK(file.manifests[3].pip.size() == 1);
    CHECK(file.manifests[3].skip_site_packages);
    CHECK(file.manifests[4].kind == ManifestEntry::Kind::file);
    CHECK(file.manifests[4].file == folder / "ready.json");
}

TEST_CASE("columns and views of every kind") {
    const World world;
    const auto file = world.loaded(R"toml([columns."team/docs.n"]
expression = "length(text)"
[columns."my.table.`a.b`"]
transform = "m:f"
backfill = "always"
[columns."docs.old"]
keep = true
[views."team/q"]
source = "team/docs"
query = true
select = ["id", "n=length(text)"]
refresh = "never"
[views.stats]
source = "docs"
udtf = "m:g"
partition_by = "lang"
[views.old]
keep = true
)toml");
    REQUIRE(file.columns.size() == 3);
    CHECK(file.columns[0].table.parts == std::vector<std::string>{"team", "docs"});
    CHECK(file.columns[0].expression == "length(text)");
    CHECK(file.columns[1].table.text() == "my.table");
    CHECK(file.columns[1].column.parts == std::vector<std::string>{"a.b"});
    CHECK(file.columns[1].backfill == Due::always);
    CHECK(file.columns[2].keep);
    CHECK(file.columns[2].backfill == Due::never);
    REQUIRE(file.views.size() == 3);
    CHECK(file.views[0].name.text() == "team/q");
    CHECK(file.views[0].kind == ViewEntry::Kind::query);
    CHECK(file.views[0].refresh == Due::never);
    CHECK(file.views[1].kind == ViewEntry::Kind::udtf);
    CHECK(file.views[1].transform == "m:g");
    CHECK(file.views[1].partition_by == "lang");
    CHECK(file.views[2].kind == ViewEntry::Kind::keep);
}

TEST_CASE("the tables of a pyproject.toml count as well") {
    const World world;
    REQUIRE(base::write_atomic(world.folder() / "pyproject.toml",
                               "[project]\nname = \"x\"\n[tool.genevactl.manifests.a]\npip = []\n")
                .has_value());
    const auto file = project::load(world.surroundings);
    REQUIRE(file.has_value());
    CHECK(file->path.filename() == "pyproject.toml");
    CHECK(file->manifests.front().origin.line == 3);
}

TEST_CASE("no project file, and one that is named") {
    const World world;
    auto none = project::load(world.surroundings);
    REQUIRE_FALSE(none.has_value());
    CHECK(none.error().kind == ErrorKind::not_found);
    CHECK(none.error().hint.find("genevactl export") != std::string::npos);
    CHECK(project::load(world.surroundings, "other.toml").error().kind == ErrorKind::not_found);
    REQUIRE(base::write_atomic(world.folder() / "deep/other.toml", "[manifests.a]\npip = []\n")
                .has_value());
    CHECK(project::load(world.surroundings, "deep/other.toml")->manifests.size() == 1);
    world.write("");
    CHECK(project::load(world.surroundings, ".")->manifests.empty());
}

TEST_CASE("a wrong manifest says where, what, and what to write instead") {
    const World world;
    struct Row {
        const char* text;
        const char* message;
        const char* hint;
    };
    const Row rows[] = {
        {"pipp = []\n", "2:1: [manifests.a] has no 'pipp'", "did you mean pip?"},
        {"", "1:12: [manifests.a] has none of pip, requirements, lock, capture, file",
         "exactly one of pip, requirements, lock, capture or file says what it is"},
        {"pip = []\nlock = \"uv.lock\"\n", "1:12: [manifests.a] has pip and lock together",
         "exactly one of pip, requirements, lock, capture or file says what it is"},
        {"pip = \"cowsay\"\n", "2:7: [manifests.a] pip: must be a list of texts, not text",
         "write it as [\"…\", \"…\"]"},
        {"pip = [\"a\", 1]\n",
         "2:13: [manifests.a] pip: must be a list of texts, not of an integer",
         "write it as [\"…\", \"…\"]"},
        {"pip = []\nenv_vars = { N = 1 }\n",
         "3:18: [manifests.a] env_vars.N: must be text, not of an integer",
         "write the value in quotes"},
        {"requirements = []\n", "2:16: [manifests.a] requirements: is empty",
         "name a file, or leave the key out"},
        {"lock = \"\"\n", "2:8: [manifests.a] lock: is empty",
         "give it a value, or leave the key out"},
        {"capture = false\n", "2:11: [manifests.a] capture: can only be true", "leave the key out"},
        {"capture = \"yes\"\n", "2:11: [manifests.a] capture: must be true or false, not text",
         "write true or false, without quotes"},
        {"pip = []\nskip_site_packages = true\n",
         "3:1: [manifests.a] skip_site_packages does not go with pip",
         "it belongs to capture = true"},
        {"file = \"a.json\"\nversion = \"1\"\n", "3:1: [manifests.a] version does not go with file",
         "the file carries it: write it there"},
    };
    for (const auto& row : rows) {
        const auto error = world.error(std::string("[manifests.a]\n") + row.text);
        CHECK(error.kind == ErrorKind::usage);
        CHECK(error.message == row.message);
        CHECK(error.hint == row.hint);
    }
    CHECK(world.error("[manifests]\na = 1\n").message ==
          "2:1: manifests.a must be a table, not an integer");
    CHECK(world.error("manifests = []\n").hint == "write [manifests.NAME] above the keys of each");
    CHECK(world.error("[manifests.\" \"]\npip = []\n").hint == "write [manifests.NAME]");
}

TEST_CASE("a wrong column or view likewise") {
    const World world;
    struct Row {
        const char* text;
        const char* message;
        const char* hint;
    };
    const Row rows[] = {
        {"[columns.docs.embedding]\ntransform = \"m:f\"\n", "1:10: [columns.docs] names no column",
         "write table and column in quotes: [columns.\"docs.embedding\"]"},
        {"[columns.\"docs.a\"]\n",
         "1:10: [columns.\"docs.a\"] has none of transform, expression, keep",
         "exactly one of transform, expression or keep says what it is"},
        {"[columns.\"docs.a\"]\ntransform = \"m:f\"\nexpression = \"1\"\n",
         "1:10: [columns.\"docs.a\"] has transform and expression together",
         "exactly one of transform, expression or keep says what it is"},
        {"[columns.\"docs.a\"]\ntransform = \"m\"\n",
         "2:13: [columns.\"docs.a\"] transform: 'm' is not MODULE:OBJECT",
         "write it as \"MODULE:OBJECT\", such as \"features:embed\""},
        {"[columns.\"docs.a\"]\ntransform = \"m:f\"\nbackfill = \"allways\"\n",
         "3:12: [columns.\"docs.a\"] backfill: there is no 'allways'", "did you mean always?"},
        {"[columns.\"docs.a\"]\nexpression = \"1\"\nmanifest = \"x\"\n",
         "3:1: [columns.\"docs.a\"] manifest does not go with expression",
         "an SQL expression runs in the deployment itself"},
        {"[manifests.deps]\npip = []\n[columns.\"docs.a\"]\ntransform = \"m:f\"\n"
         "manifest = \"dep\"\n",
         "5:12: [columns.\"docs.a\"] manifest: the file has no manifest 'dep'",
         "did you mean deps?"},
        {"[columns.\"docs.a\"]\ntransform = \"m:f\"\nmanifest = \"dep\"\n",
         "3:12: [columns.\"docs.a\"] manifest: the file has no manifest 'dep'",
         "describe it in [manifests.dep]"},
        {"[columns.\"docs.a\"]\nkeep = true\n[columns.\"docs.`a`\"]\nkeep = true\n",
         "3:10: [columns.\"docs.`a`\"]: the column is there twice", "take one out"},
        {"[views.v]\nquery = true\n", "1:8: [views.v] has no source",
         "write source = \"TABLE\": the table or view that it reads"},
        {"[views.v]\nsource = \"docs\"\n", "1:8: [views.v] has none of query, chunker, udtf, keep",
         "exactly one of query, chunker, udtf or keep says what it is"},
        {"[views.v]\nsource = \"docs\"\nchunker = \"m:f\"\npartition_by = \"a\"\n",
         "4:1: [views.v] partition_by does not go with chunker", "only a udtf is partitioned"},
        {"[views.v]\nkeep = true\nsource = \"docs\"\n",
         "3:1: [views.v] source does not go with keep",
         "keep stands alone: what is there stays as it is"},
        {"[viws.v]\nkeep = true\n", "1:2: the project file has no 'viws'", "did you mean views?"},
    };
    for (const auto& row : rows) {
        const auto error = world.error(row.text);
        CHECK(error.kind == ErrorKind::usage);
        CHECK(error.message == row.message);
        CHECK(error.hint == row.hint);
    }
    CHECK(world.error("[columns.\"docs..\"]\nkeep = true\n").kind == ErrorKind::usage);
    CHECK(world.error("[views.\"a//b\"]\nkeep = true\n").kind == ErrorKind::usage);
    CHECK(world.error("[views.v]\nquery = true\nsource = \"/\"\n").message.find("3:10: ") == 0);
}
