// SPDX-License-Identifier: Apache-2.0
#include "content.hpp"
#include "genevactl/base/clock.hpp"
#include "genevactl/capture/capture.hpp"
#include "misfits.hpp"
#include "scratch_tree.hpp"

using namespace genevactl;
using namespace genevactl::capture;
using capture::testing::ScratchTree;
using capture::testing::Texts;

namespace {

Contents examined(const Sources& sources) {
    const Means means{.cache_file = "/nonexistent/cache",
                      .threads = 2,
                      .now = {},
                      .interrupt = &base::no_interrupt()};
    auto contents = examine(sources, means);
    CAPTURE(contents ? "" : contents.error().message);
    REQUIRE(contents);
    return std::move(*contents);
}

Texts labels(const ShardList& list) {
    Texts texts;
    for (const auto& shard : list.shards) {
        texts.push_back(shard.label);
    }
    return texts;
}

const Target k_target{.platform = "linux_x86_64", .python = "3.11"};

}  // namespace

TEST_CASE("the workspace is the nearest project, and its own module names stay right") {
    ScratchTree scratch;
    scratch.write("proj/pyproject.toml");
    scratch.write("proj/src/pkg/__init__.py");
    scratch.write("proj/jobs/features.py");
    scratch.write("proj/lib/__init__.py");
    const auto root = scratch.root() / "proj";
    auto found = find_workspace(root / "jobs", std::nullopt);
    CHECK(found.root == root.string());
    CHECK(found.path_lines == Texts{"src", "jobs"});
    CHECK(find_workspace(root / "lib", std::nullopt).path_lines == Texts{"src"});
    CHECK(find_workspace(root / "src", std::nullopt).path_lines == Texts{"src"});
    // Not the home folder, although it has a repository of settings.
    CHECK(find_workspace(root / "jobs", root).root == (root / "jobs").string());
}

TEST_CASE("workspace first, a shard a distribution, editables as what they point at") {
    ScratchTree work;
    ScratchTree site;
    ScratchTree project;
    work.write("m.py");
    work.write("libs/inner/x.py");
    project.write("tool/__init__.py");
    site.write("demo/__init__.py");
    site.write("demo-1.0.dist-info/RECORD", "demo/__init__.py,,\ndemo-1.0.dist-info/RECORD,,\n");
    site.write("stray.py");
    site.write("a.pth", project.root().string() + "\n");
    site.write("b.pth", (work.root() / "libs").string() + "\n");
    const auto contents = examined({.workspaces = {{.root = work.root().string()}},
                                    .site_packages = {site.root().string()},
                                    .scan = {},
                                    .target = k_target});
    REQUIRE(contents.lists.size() == 3);
    CHECK(contents.lists[0].title == "workspace");
    CHECK(contents.lists[0].path_lines == Texts{"libs"});
    CHECK(contents.lists[1].title == "site-packages");
    CHECK(labels(contents.lists[1]) == Texts{"demo 1.0", "no distribution 1"});
    CHECK(contents.lists[2].title == "editable a.pth");
    CHECK(contents.files() == 6);
    CHECK(contents.editables.size() == 2);
}

TEST_CASE("an edit touches one shard of the workspace") {
    ScratchTree scratch;
    for (int i = 0; i < 600; ++i) {
        scratch.write("m" + std::to_string(i) + ".py", std::to_string(i));
    }
    const Sources sources{.workspaces = {{.root = scratch.root().string()}},
                          .site_packages = {},
                          .scan = {},
                          .target = k_target};
    const auto digests = [&] {
        Texts all;
        const auto contents = examined(sources);
        for (const auto& shard : contents.lists.at(0).shards) {
            all.push_back(shard.digest);
        }
        return all;
    };
    const auto before = digests();
    CHECK(before.size() > 3);
    scratch.write("m300.py", "edited");
    auto after = digests();
    REQUIRE(after.size() == before.size());
    CHECK(std::ranges::count_if(after, [&](const auto& digest) {
              return std::ranges::find(before, digest) == before.end();
          }) == 1);
    // A file more moves no border but its own shard's.
    scratch.write("m300x.py", "new");
    after = digests();
    CHECK(std::ranges::count_if(after, [&](const auto& digest) {
              return std::ranges::find(before, digest) == before.end();
          }) <= 2);
}

TEST_CASE("a secret in the content of a workspace file is left out and named") {
    ScratchTree scratch;
    scratch.write("m.py");
    scratch.write("config.txt", "key = AKIAZ7Q2M4N6P8R0T2V4\n");
    const Sources sources{.workspaces = {{.root = scratch.root().string()}},
                          .site_packages = {},
                          .scan = {},
                          .target = k_target};
    const auto contents = examined(sources);
    REQUIRE(contents.secrets.size() == 1);
    CHECK(contents.secrets[0].path == (scratch.root() / "config.txt").string());
    CHECK(contents.files() == 1);
}

TEST_CASE("nothing to capture is an error that names the folders") {
    const ScratchTree scratch;
    const Sources sources{.workspaces = {{.root = scratch.root().string()}},
                          .site_packages = {},
                          .scan = {},
                          .target = k_target};
    const auto contents = examine(sources, {.cache_file = "/nonexistent/cache",
                                            .threads = 1,
                                            .now = {},
                                            .interrupt = &base::no_interrupt()});
    REQUIRE_FALSE(contents);
    CHECK(contents.error().message.find(scratch.root().string()) != std::string::npos);
}

TEST_CASE("content tells plans, keys and tokens from programs that speak of them") {
    const std::string key = "-----BEGIN " + std::string("RSA PRIVATE KEY-----\n") +
                            "MIIEowIBAAKCAQEAx3jK9ZQvYq0p8y7rT2uWb1nD5eFgHiJk\n";
    CHECK(looks_of(key) == Looks::private_key);
    CHECK(looks_of("if line == '-----BEGIN RSA PRIVATE KEY-----':\n    pass\n") == Looks::ordinary);
    CHECK(looks_of("-----BEGIN CERTIFICATE-----\nMIIEow\n") == Looks::ordinary);
    CHECK(looks_of(R"({"schema_version":1,"kind":"genevactl-plan","format":1})") == Looks::plan);
    CHECK(looks_of(R"(print({"kind":"genevactl-plan"}))") == Looks::ordinary);
    CHECK(looks_of("t = 'ghp_" + std::string("a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'")) ==
          Looks::token);
    CHECK(looks_of("t = 'ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'") == Looks::ordinary);
    CHECK(looks_of("x = 'not_hf_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'") == Looks::ordinary);
}

TEST_CASE("native modules and wheels are compared with the workers' platform") {
    using namespace std::string_view_literals;
    std::string elf(
        "\x7f"sv
        "ELF\2\1\1");
    elf.resize(64);
    elf[18] = 62;
    CHECK(looks_of(elf) == Looks::elf_x86_64);
    elf[18] = static_cast<char>(183);
    CHECK(looks_of(elf) == Looks::elf_aarch64);
    CHECK(misfit_of_module(Looks::elf_aarch64, k_target) ==
          "built for aarch64, the workers are linux_x86_64");
    CHECK_FALSE(misfit_of_module(Looks::elf_x86_64, k_target));
    CHECK(misfit_of_module(Looks::mach_o, k_target));

    CHECK_FALSE(misfit_of_tags({}, k_target));
    CHECK_FALSE(misfit_of_tags({"py3-none-any"}, k_target));
    CHECK_FALSE(misfit_of_tags({"py2-none-any", "py3-none-any"}, k_target));
    CHECK_FALSE(misfit_of_tags({"cp311-cp311-manylinux_2_17_x86_64"}, k_target));
    CHECK_FALSE(misfit_of_tags({"cp39-abi3-manylinux2014_x86_64"}, k_target));
    CHECK(misfit_of_tags({"cp312-cp312-manylinux_2_17_x86_64"}, k_target));
    CHECK(misfit_of_tags({"cp312-abi3-manylinux_2_17_x86_64"}, k_target));
    CHECK(misfit_of_tags({"cp311-cp311-macosx_11_0_arm64"}, k_target));
    CHECK(misfit_of_tags({"cp311-cp311-manylinux_2_17_aarch64"}, k_target));
}
