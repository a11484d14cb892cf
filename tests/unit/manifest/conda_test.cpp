// SPDX-License-Identifier: Apache-2.0
#include "genevactl/manifest/conda.hpp"

#include "genevactl/manifest/json.hpp"
#include "scratch_files.hpp"
#include "yaml.hpp"

using namespace genevactl;
using manifest::CondaOptions;
using manifest::testing::contains;
using manifest::testing::ScratchFiles;

namespace {

std::string yaml_json(std::string_view text) {
    std::vector<manifest::Remark> remarks;
    const auto value = manifest::read_yaml(text, "e.yml", remarks);
    return value ? manifest::canonical_json(*value) : value.error().message;
}

std::string conda_error(const CondaOptions& options) {
    const auto built = manifest::build_conda(options);
    REQUIRE_FALSE(built);
    CHECK(built.error().kind == base::ErrorKind::usage);
    return built.error().message;
}

CondaOptions conda_named() {
    CondaOptions options;
    options.name = "n";
    options.allow_unpinned = true;
    return options;
}

}  // namespace

TEST_CASE("scalars are those of YAML 1.1") {
    CHECK(yaml_json("[yes, NO, On, y, nO]") == R"([true,false,true,"y","nO"])");
    CHECK(yaml_json("[~, null, NULL, '', none]") == R"([null,null,null,"","none"])");
    CHECK(yaml_json("[010, 0x1F, 0b101, 1_000, 08, 0o7, +1, -0]") ==
          R"([8,31,5,1000,"08","0o7",1,0])");
    CHECK(yaml_json("[1:30, -1:00:00, 1:30.5]") == "[90,-3600,90.5]");
    CHECK(yaml_json("[1.0, .5, 1e3, 1.0e+3, 1e+16, 1.0e+16]") ==
          R"([1.0,0.5,"1e3",1000.0,"1e+16",1e+16])");
    CHECK(yaml_json("[0xFFFFFFFFFFFFFFFFFFFF]") == "[1208925819614629174706175]");
    CHECK(yaml_json("[1.0e-400]") == "[0.0]");
    CHECK(yaml_json("[2026-11-22, 2026-1-2 3:04:05.5 +01:00]") ==
          R"(["2026-11-22","2026-01-02 03:04:05.500000+01:00"])");
}

TEST_CASE("what JSON cannot hold is refused with its place") {
    CHECK(yaml_json("a:\n  - .inf") ==
          "e.yml:2:5: a number that JSON cannot hold (infinite, or none)");
    CHECK(contains(yaml_json("[1.0e+400]"), "cannot hold"));
    CHECK(contains(yaml_json("a: 2026-02-30"), "does not exist"));
    CHECK(contains(yaml_json("10: a\n9: b"), "order"));
    CHECK(contains(yaml_json("1: a\n'1': b"), "text and a number"));
    CHECK(contains(yaml_json("2026-11-22: a"), "a date cannot be a key"));
    CHECK(contains(yaml_json("? [a]\n: b"), "cannot be a key"));
    CHECK(contains(yaml_json("a: !!binary aGk="), "no value in JSON"));
    CHECK(contains(yaml_json("a: !x b"), "not one of YAML's own"));
    CHECK(contains(yaml_json("- <<"), "no value there"));
}

TEST_CASE("mappings merge and repeat as in Python") {
    CHECK(yaml_json("a: &x {p: 1, q: 2}\nb: {<<: *x, q: 3}") ==
          R"({"a":{"p":1,"q":2},"b":{"p":1,"q":3}})");
    CHECK(yaml_json("b: {<<: [{p: 1}, {p: 2}], q: 3}") == R"({"b":{"p":1,"q":3}})");
    std::vector<manifest::Remark> remarks;
    REQUIRE(manifest::read_yaml("a: 1\nb: 2\na: 3", "e.yml", remarks));
    REQUIRE(remarks.size() == 1);
    CHECK(remarks[0].text == "e.yml:3:1: the key \"a\" is given twice: the last counts");
}

TEST_CASE("documents that are none are refused") {
    CHECK(contains(yaml_json("--- a\n--- b"), "a second document"));
    CHECK(contains(yaml_json("a: 'open"), "not YAML"));
    CHECK(contains(yaml_json("a: [1"), "not YAML"));
    CHECK(contains(yaml_json("a: &x 1\nb: &x 2"), "&x is given twice"));
    CHECK(contains(yaml_json("a: &x [*x]"), "not complete"));
    CHECK(yaml_json("a: b\nc: \xff") == "e.yml:2:4: a byte that is not UTF-8");
    CHECK(contains(yaml_json("a: b\x01"), "a control character"));
    CHECK(contains(yaml_json(std::string(31, '[') + std::string(31, ']')), "deeper than 30"));
    CHECK(yaml_json("\xEF\xBB\xBF# nothing\n") == "null");
}

TEST_CASE("aliases do not blow up") {
    std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 10; ++i) {
        const auto last = "*a" + std::to_string(i - 1) + ",";
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
        for (int j = 0; j < 10; ++j) {
            bomb += last;
        }
        bomb += "]\n";
    }
    CHECK(contains(yaml_json(bomb), "more than 50,000 values"));
}

TEST_CASE("a conda manifest joins file and arguments") {
    ScratchFiles files;
    auto options = conda_named();
    options.file = files.write("environment.yml",
                               "channels: [a]\ndependencies: [python=3.11, pip: [geneva==1]]\n");
    options.channels = {"b", "c"};
    options.specs = {"numpy=2"};
    const auto built = manifest::build_conda(options);
    REQUIRE(built);
    CHECK(built->manifest.conda ==
          R"({"channels":["b","c","a"],)"
          R"("dependencies":["python=3.11",{"pip":["geneva==1"]},"numpy=2"]})");
    CHECK(built->remarks.empty());
    CHECK(built->manifest.checksum == manifest::checksum_of(built->manifest));
}

TEST_CASE("what a conda manifest cannot be made of") {
    ScratchFiles files;
    auto options = conda_named();
    CHECK(contains(conda_error(options), "nothing to install"));
    options.file = files.write("list.yml", "- a\n");
    CHECK(contains(conda_error(options), "list.yml: an environment is a mapping"));
    options.file = files.write("word.yml", "dependencies: a\n");
    options.specs = {"b"};
    CHECK(contains(conda_error(options), "not a list"));
    options.file.reset();
    options.specs = {" "};
    CHECK(contains(conda_error(options), "blank"));
    options.specs = {"a\xff"};
    CHECK(contains(conda_error(options), "not UTF-8"));
}

TEST_CASE("unpinned lines and a missing geneva are remarked on") {
    ScratchFiles files;
    auto options = conda_named();
    options.file = files.write("e.yml", "dependencies: [{pip: [numpy, -r x.txt]}]\n");
    options.allow_unpinned = false;
    auto built = manifest::build_conda(options);
    REQUIRE(built);
    std::string texts;
    for (const auto& remark : built->remarks) {
        texts += remark.text + "\n";
    }
    CHECK(contains(texts, "does not bring geneva"));
    CHECK(contains(texts, "not pinned to one version: numpy"));
    CHECK(contains(texts, "conda.dependencies[0].pip"));
    options.allow_unpinned = true;
    built = manifest::build_conda(options);
    REQUIRE(built);
    CHECK(built->remarks.size() == 2);
}

TEST_CASE("a site manifest says that site-packages are captured") {
    manifest::BuilderOptions options;
    options.name = "s";
    const auto built = manifest::build_site(options);
    REQUIRE(built);
    CHECK_FALSE(built->manifest.skip_site_packages);
    options.env_vars = {{"GENEVA_ZIPS", "x"}};
    CHECK_FALSE(manifest::build_site(options));
}
