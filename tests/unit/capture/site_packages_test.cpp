// SPDX-License-Identifier: Apache-2.0
#include "genevactl/capture/distributions.hpp"
#include "record.hpp"
#include "scratch_tree.hpp"

using namespace genevactl;
using namespace genevactl::capture;
using capture::testing::ScratchTree;
using capture::testing::Texts;

namespace {

struct Read {
    Tree tree;
    SitePackages site;

    Texts names(const std::vector<std::size_t>& indices) const {
        Texts paths;
        for (const auto index : indices) {
            paths.push_back(tree.files.at(index).path);
        }
        return paths;
    }
};

Read read(const ScratchTree& scratch) {
    auto tree = scan_site_packages(scratch.root());
    REQUIRE(tree);
    auto site = read_site_packages(*tree);
    CAPTURE(site ? "" : site.error().message);
    REQUIRE(site);
    return {std::move(*tree), std::move(*site)};
}

constexpr const char* k_finder = R"(from __future__ import annotations
import sys
MAPPING: dict[str, str] = {'tool': '/proj/src/tool', 'it\'s': 'C:\\x'}
NAMESPACES: dict[str, list[str]] = {}
)";

}  // namespace

TEST_CASE("RECORD says which files belong to a distribution") {
    ScratchTree scratch;
    scratch.write("demo/__init__.py");
    scratch.write("demo/odd,name.txt");
    scratch.write("demo/__pycache__/__init__.cpython-311.pyc");
    scratch.write("demo-1.0.dist-info/RECORD",
                  "demo/__init__.py,sha256=x,1\r\n\"demo/odd,name.txt\",,\r\n"
                  "demo/__pycache__/__init__.cpython-311.pyc,,\r\n../../../bin/demo,,\r\n"
                  "demo-1.0.dist-info/RECORD,,\r\ndemo-1.0.dist-info/WHEEL,,\r\n"
                  "demo/gone.py,,\r\n");
    scratch.write("demo-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: cp311-cp311-any\n");
    scratch.write("loose.py");
    const auto found = read(scratch);
    REQUIRE(found.site.distributions.size() == 1);
    const auto& demo = found.site.distributions.front();
    CHECK(demo.name == "demo");
    CHECK(demo.version == "1.0");
    CHECK(demo.wheel_tags == Texts{"cp311-cp311-any"});
    CHECK(found.names(demo.files) == Texts{"demo-1.0.dist-info/RECORD", "demo-1.0.dist-info/WHEEL",
                                           "demo/__init__.py", "demo/odd,name.txt"});
    CHECK(found.names(found.site.loose) == Texts{"loose.py"});
}

TEST_CASE("a file that two distributions name goes with both") {
    ScratchTree scratch;
    scratch.write("google/__init__.py");
    scratch.write("a-1.dist-info/RECORD", "google/__init__.py,,\na-1.dist-info/RECORD,,\n");
    scratch.write("b-1.dist-info/RECORD", "google/__init__.py,,\nb-1.dist-info/RECORD,,\n");
    const auto found = read(scratch);
    REQUIRE(found.site.distributions.size() == 2);
    CHECK(found.site.distributions[0].files.size() == 2);
    CHECK(found.site.distributions[1].files.size() == 2);
}

TEST_CASE("path files: paths are captured as what they point at, code goes along") {
    ScratchTree scratch;
    ScratchTree project;
    project.write("tool.py");
    scratch.write("inside/x.py");
    scratch.write("one.pth", project.root().string() + "\n# comment\n/nonexistent\n");
    scratch.write("two.pth", "import os; os\n");
    scratch.write("three.pth", "inside\n");
    scratch.write("old.egg-link", project.root().string() + "\n.\n");
    const auto found = read(scratch);
    CHECK(found.names(found.site.path_files) == Texts{"three.pth", "two.pth"});
    REQUIRE(found.site.editables.size() == 2);
    CHECK(found.site.editables[0].location == project.root().string());
    CHECK(found.names(found.site.loose) == Texts{"inside/x.py"});
}

TEST_CASE("the finder of an editable install says where its packages are") {
    ScratchTree scratch;
    scratch.write("__editable___tool_1_0_finder.py", k_finder);
    scratch.write("__editable__.tool-1.0.pth",
                  "import __editable___tool_1_0_finder; __editable___tool_1_0_finder.install()\n");
    scratch.write("tool-1.0.dist-info/RECORD", "tool-1.0.dist-info/direct_url.json,,\n");
    scratch.write("tool-1.0.dist-info/direct_url.json",
                  R"({"dir_info":{"editable":true},"url":"file:///proj"})");
    const auto found = read(scratch);
    REQUIRE(found.site.editables.size() == 2);
    CHECK(found.site.editables[0].package == "tool");
    CHECK(found.site.editables[0].location == "/proj/src/tool");
    CHECK(found.site.editables[1].package == "it's");
    CHECK(found.site.path_files.empty());
}

TEST_CASE("an editable install whose code cannot be found is an error that names it") {
    ScratchTree scratch;
    scratch.write("meson_thing-1.dist-info/RECORD", "meson_thing-1.dist-info/direct_url.json,,\n");
    scratch.write("meson_thing-1.dist-info/direct_url.json",
                  R"({"dir_info":{"editable":true},"url":"file:///proj"})");
    const auto tree = scan_site_packages(scratch.root());
    REQUIRE(tree);
    const auto site = read_site_packages(*tree);
    REQUIRE_FALSE(site);
    CHECK(site.error().message.find("meson_thing") != std::string::npos);
}

TEST_CASE("a finder whose table is computed is not guessed at") {
    CHECK(mapping_of_finder("x = 1\nMAPPING = {**other}\n").empty());
    CHECK(mapping_of_finder("MAPPING_X = 1\n").empty());
    CHECK(mapping_of_finder("\nMAPPING = {'a': '\\x2f'}\n").empty());
    CHECK(paths_of_record("a/../../x,,\na/./b,,\n/abs,,\n\n") == Texts{"a/b"});
}
