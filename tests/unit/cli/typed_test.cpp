// SPDX-License-Identifier: Apache-2.0
#include "typed.hpp"

#include "support/catch.hpp"
#include "tree.hpp"
#include "walk.hpp"

using namespace genevactl;
using Words = std::vector<std::string>;
using run::NameKind;

namespace {

/// What the last of the words is a value of, "" if of nothing.
struct Read {
    explicit Read(const Words& words)
        : tree(cli::make_tree(invocation)), typed(cli::read_typed(*tree, words)) {}

    std::string place() const {
        return typed.place == nullptr ? "" : cli::placeholder_of(*typed.place);
    }

    cli::Invocation invocation;
    std::unique_ptr<CLI::App> tree;
    cli::Typed typed;
};

}  // namespace

TEST_CASE("the place of the word that is typed is found", "[cli]") {
    struct Row {
        Words words;
        const char* place;
    };
    const std::vector<Row> rows = {
        {{""}, ""},
        {{"ba"}, ""},
        {{"job", ""}, ""},
        {{"backfill", ""}, "TABLE"},
        {{"backfill", "docs", "emb"}, "COLUMN"},
        {{"backfill", "docs", "a", "b", ""}, "COLUMN"},
        {{"backfill", "docs", "a", "--det"}, ""},
        {{"backfill", "docs", "--where", ""}, "SQL"},
        {{"backfill", "docs", "--where", "a = 'job'", ""}, "COLUMN"},
        {{"backfill", "docs", "--where=x", ""}, "COLUMN"},
        {{"backfill", "--force", ""}, "TABLE"},
        {{"backfill", "--manifest", "de"}, "MANIFEST"},
        {{"backfill", "--manifest=de"}, "MANIFEST"},
        {{"backfill", "--retry-failed", ""}, "JOB"},
        {{"--uri", "db://demo", "table", "show", ""}, "TABLE"},
        {{"--uri", "table", "show", ""}, ""},
        {{"-o", "json", "table", "show", ""}, "TABLE"},
        {{"table", "show", "docs", ""}, ""},
        {{"table", "show", "table", ""}, ""},
        {{"job", "wait", "a", "b", ""}, "ID"},
        {{"config", "use", ""}, "PROFILE"},
        {{"table", "list", "--profile", ""}, "PROFILE"},
        {{"manifest", "show", ""}, "FILE"},
        {{"nonsense", "x", ""}, ""},
    };
    for (const auto& row : rows) {
        const Read read(row.words);
        CAPTURE(row.words);
        CHECK(read.place() == row.place);
    }
}

TEST_CASE("what was typed before says where to look", "[cli]") {
    const Read read(
        {"--uri", "db://demo", "backfill", "team/docs", "--where", "x", "--profile=work", "emb"});
    CHECK(read.typed.table == "team/docs");
    CHECK(read.typed.current == "emb");
    CHECK(read.typed.globals == Words{"--uri", "db://demo", "--profile", "work"});
    CHECK(Read({"job", "list", "--table", "docs", "--status", ""}).typed.table == "docs");
    CHECK(Read({"backfill", "--manifest=de"}).typed.current == "de");
}

TEST_CASE("placeholders say what they name", "[cli]") {
    CHECK(cli::kinds_of(std::string("TABLE")) == std::vector{NameKind::table});
    CHECK(cli::kinds_of(std::string("ID|TABLE")) == std::vector{NameKind::job, NameKind::table});
    CHECK(cli::kinds_of(std::string("FILE")).empty());
    CHECK(cli::takes_only_names("TABLE|VIEW"));
    CHECK_FALSE(cli::takes_only_names("FILE|MANIFEST"));
    CHECK_FALSE(cli::takes_only_names("FILE"));
}
