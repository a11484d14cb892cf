// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include "genevactl/capture/tree.hpp"
#include "scratch_tree.hpp"

using namespace genevactl;
using namespace genevactl::capture;
using capture::testing::paths_of;
using capture::testing::rule_of;
using capture::testing::ScratchTree;
using capture::testing::Texts;

namespace fs = std::filesystem;

namespace {

Tree scanned(const ScratchTree& tree, const ScanOptions& options = {}) {
    auto result = scan_workspace(tree.root(), options);
    CAPTURE(result ? "" : result.error().message);
    REQUIRE(result);
    return std::move(*result);
}

}  // namespace

TEST_CASE("caches, version control, virtual environments and tables stay here at any depth") {
    ScratchTree scratch;
    scratch.write("a.py");
    scratch.write("deep/pkg/b.py");
    scratch.write("deep/pkg/__pycache__/b.cpython-311.pyc");
    scratch.write("deep/.git/config");
    scratch.write("deep/env/pyvenv.cfg");
    scratch.write("deep/env/lib/x.py");
    scratch.write("nb/.ipynb_checkpoints/n.ipynb");
    scratch.write("web/node_modules/x/index.js");
    scratch.write("lake/default/__manifest/_versions/1.manifest");
    scratch.write("lake/default/bb19_team$docs/data/1.lance");
    scratch.write("data/docs.lance/_versions/1.manifest");
    scratch.write("data/docs.lance/data/1.lance");
    scratch.write("out/_geneva_uploads/1.zip");
    const auto tree = scanned(scratch);
    CHECK(paths_of(tree) == Texts{"a.py", "deep/pkg/b.py"});
    CHECK(rule_of(tree, "deep/env") == "preset: virtual environments");
    CHECK(rule_of(tree, "lake/default") == "preset: Lance data");
    CHECK(rule_of(tree, "data/docs.lance") == "preset: Lance data");
    CHECK(rule_of(tree, "out/_geneva_uploads") == "preset: archives of captures");
    CHECK(rule_of(tree, "deep/.git") == "preset: version control");
    CHECK(rule_of(tree, "nb/.ipynb_checkpoints") == "preset: notebook checkpoints");
}

TEST_CASE("git's ignore files are read where there is a repository, also above the root") {
    ScratchTree scratch;
    scratch.write(".git/info/exclude", "local.txt\n");
    scratch.write(".gitignore", "*.log\n/proj/data/\n!keep.log\n");
    scratch.write("proj/.gitignore", "!a.log\n");
    scratch.write("proj/a.log");
    scratch.write("proj/b.log");
    scratch.write("proj/keep.log");
    scratch.write("proj/data/d.bin");
    scratch.write("proj/local.txt");
    scratch.write("proj/m.py");
    const auto result = scan_workspace(scratch.root() / "proj", {});
    REQUIRE(result);
    CHECK(paths_of(*result) == Texts{".gitignore", "a.log", "keep.log", "m.py"});
    CHECK(rule_of(*result, "b.log") == ".gitignore:1: *.log");
    CHECK(rule_of(*result, "local.txt") == ".git/info/exclude:1: local.txt");

    const auto without = scan_workspace(scratch.root() / "proj", {.use_gitignore = false});
    REQUIRE(without);
    CHECK(without->files.size() == 7);
}

TEST_CASE(".genevaignore stands above git's rules and the presets") {
    ScratchTree scratch;
    scratch.write(".git/HEAD");
    scratch.write(".gitignore", "model.bin\n");
    scratch.write(".genevaignore", "!model.bin\nbig/\n!.cache/\n");
    scratch.write("model.bin");
    scratch.write("big/x");
    scratch.write(".cache/y");
    const auto tree = scanned(scratch);
    CHECK(paths_of(tree) == Texts{".cache/y", ".genevaignore", ".gitignore", "model.bin"});
    CHECK(rule_of(tree, "big") == ".genevaignore:2: big/");
}

TEST_CASE("--include brings back what is below a folder that is left out") {
    ScratchTree scratch;
    scratch.write(".git/HEAD");
    scratch.write(".gitignore", "data/\n");
    scratch.write("data/model.bin");
    scratch.write("data/other.bin");
    scratch.write("m.py");
    const auto tree = scanned(scratch, {.include = {"data/model.bin"}});
    CHECK(paths_of(tree) == Texts{".gitignore", "data/model.bin", "m.py"});
    CHECK(rule_of(tree, "data") == ".gitignore:1: data/");
    const auto less = scanned(scratch, {.exclude = {"*.py"}});
    CHECK(rule_of(less, "m.py") == "--exclude:1: *.py");
}

TEST_CASE("files whose names say that they hold secrets are left out unless allowed") {
    ScratchTree scratch;
    for (const auto* name :
         {".env", ".env.production", ".env.example", "certs/server.key", "home/.aws/credentials",
          ".netrc", "conf/service-account.json", "m.py"}) {
        scratch.write(name);
    }
    const auto tree = scanned(scratch);
    CHECK(paths_of(tree) == Texts{".env.example", "m.py"});
    CHECK(rule_of(tree, "home/.aws/credentials") == "secret: cloud credentials");
    const auto allowed = scanned(scratch, {.allow_secrets = {"certs/server.key"}});
    CHECK(paths_of(allowed) == Texts{".env.example", "certs/server.key", "m.py"});
}

TEST_CASE("links within the tree become copies, others stay here, loops end") {
    ScratchTree scratch;
    ScratchTree elsewhere;
    elsewhere.write("secret.txt");
    scratch.write("real/x.py", "content");
    fs::create_symlink("x.py", scratch.root() / "real" / "alias.py");
    fs::create_directory_symlink("real", scratch.root() / "linked");
    fs::create_directory_symlink("..", scratch.root() / "real" / "loop");
    fs::create_symlink(elsewhere.root() / "secret.txt", scratch.root() / "out.txt");
    fs::create_symlink("nowhere", scratch.root() / "broken");
    const auto tree = scanned(scratch);
    CHECK(paths_of(tree) == Texts{"linked/alias.py", "linked/x.py", "real/alias.py", "real/x.py"});
    CHECK(rule_of(tree, "out.txt").find("the link leaves the tree") == 0);
    CHECK_FALSE(rule_of(tree, "broken").empty());
    const auto followed = scanned(scratch, {.follow_links = true});
    CHECK(paths_of(followed).back() == "real/x.py");
    CHECK(paths_of(followed).at(2) == "out.txt");
}

TEST_CASE("a link that leads above the root ends where it comes back to it") {
    ScratchTree outer;
    outer.write("beside.py", "1");
    outer.write("root/inner/x.py", "2");
    fs::create_directory_symlink("../..", outer.root() / "root" / "inner" / "up");
    const auto tree = scan_workspace(outer.root() / "root", {.follow_links = true});
    REQUIRE(tree);
    CHECK(paths_of(*tree) == Texts{"inner/up/beside.py", "inner/x.py"});
    CHECK(rule_of(*tree, "inner/up/root") == "the link leads to a folder above it");
}

TEST_CASE("files come in the order of their paths, bytewise") {
    ScratchTree scratch;
    for (const auto* name : {"a.b/x.py", "a/x.py", "a-b.py", "a.py", "a0/x.py", "A/x.py", "a/b.py",
                             "a/b/c.py", "a/b-c.py"}) {
        scratch.write(name, "");
    }
    const auto tree = scan_site_packages(scratch.root(), 2);
    REQUIRE(tree);
    CHECK(paths_of(*tree) == Texts{"A/x.py", "a-b.py", "a.b/x.py", "a.py", "a/b-c.py", "a/b.py",
                                   "a/b/c.py", "a/x.py", "a0/x.py"});
}

TEST_CASE("a name that is not UTF-8 is an error that names it") {
    ScratchTree scratch;
    scratch.write("caf\xe9.py");
    const auto result = scan_workspace(scratch.root(), {});
    REQUIRE_FALSE(result);
    CHECK(result.error().message.find("the name is not UTF-8") != std::string::npos);
    CHECK(scan_workspace(scratch.root() / "nope", {}).error().kind == base::ErrorKind::not_found);
}

TEST_CASE("a pipe is left out and the walk does not wait for it") {
    ScratchTree scratch;
    scratch.write("a.py");
    REQUIRE(::mkfifo((scratch.root() / "pipe").c_str(), 0600) == 0);
    const auto tree = scanned(scratch);
    CHECK(paths_of(tree) == Texts{"a.py"});
    CHECK(rule_of(tree, "pipe") == "no file: socket, pipe or device");
}

TEST_CASE("what belongs to another tree, or to the capture itself, is passed over") {
    ScratchTree scratch;
    scratch.write("a.py");
    scratch.write("out/b.zip");
    const auto out = scratch.write("env.json");
    const auto tree =
        scanned(scratch, {.except = {out.string(), (scratch.root() / "out").string()}});
    CHECK(paths_of(tree) == Texts{"a.py"});
    CHECK(tree.exclusions.empty());
}
