// SPDX-License-Identifier: Apache-2.0
#include "genevactl/manifest/diff.hpp"

#include "support/catch.hpp"

using namespace genevactl;
using manifest::diff;

namespace {

/// "~ numpy: numpy==1 | numpy==2 up" of each requirement, "field: a | b" of each field.
std::vector<std::string> texts_of(const manifest::Difference& difference) {
    std::vector<std::string> texts;
    for (const auto& change : difference.requirements) {
        const auto direction = manifest::name_of(change.direction);
        texts.push_back(change.list + " " + std::string(manifest::name_of(change.kind)) + " " +
                        change.name + ": " + change.before.value_or("none") + " | " +
                        change.after.value_or("none") + (direction.empty() ? "" : " ") +
                        std::string(direction));
    }
    for (const auto& change : difference.fields) {
        texts.push_back(change.field + ": " + change.before.value_or("none") + " | " +
                        change.after.value_or("none") + (change.hidden ? " hidden" : ""));
    }
    return texts;
}

using Expected = std::vector<std::string>;

model::Manifest with_pip(std::vector<std::string> lines) {
    model::Manifest given;
    given.pip = std::move(lines);
    return given;
}

}  // namespace

TEST_CASE("equal manifests do not differ, whatever their checksums say") {
    auto a = with_pip({"a==1"});
    auto b = a;
    b.checksum = "x";
    CHECK(diff(a, b).empty());
}

TEST_CASE("requirements are compared by their normal names") {
    const auto a = with_pip({"Num.Py==1.0", "b>=1", "c==1", "git+https://h/x@1", "same==1"});
    const auto b = with_pip(
        {"same==1", "num-py==1.10", "c==1 ; os_name == 'nt'", "d==1", "git+https://h/x@2"});
    CHECK(texts_of(diff(a, b)) ==
          Expected{"pip changed num-py: Num.Py==1.0 | num-py==1.10 up",
                   "pip removed b: b>=1 | none", "pip changed c: c==1 | c==1 ; os_name == 'nt'",
                   "pip removed git+https://h/x@1: git+https://h/x@1 | none",
                   "pip added d: none | d==1",
                   "pip added git+https://h/x@2: none | git+https://h/x@2"});
    CHECK(texts_of(diff(with_pip({"a==2"}), with_pip({"a==1.9"}))) ==
          Expected{"pip changed a: a==2 | a==1.9 down"});
    CHECK(texts_of(diff(with_pip({"a==1", "a==1"}), with_pip({"a==1"}))) ==
          Expected{"pip removed a: a==1 | none"});
    CHECK(texts_of(diff(with_pip({"a", "b"}), with_pip({"b", "a"}))) ==
          Expected{"pip (order): a, b | b, a"});
}

TEST_CASE("other fields are compared entry by entry") {
    model::Manifest a;
    a.name = "a";
    a.py_modules = {"m"};
    a.pip_extra_index_urls = {"https://u:p@h/"};
    a.zips = {{"one.zip"}};
    auto b = a;
    b.name = "b";
    b.version = "2";
    b.py_modules = {"m", "n"};
    b.pip_extra_index_urls = {"https://u:q@h/"};
    b.skip_site_packages = false;
    b.zips = {{"two.zip"}, {}};
    b.worker_image = "ray:1";
    CHECK(texts_of(diff(a, b)) == Expected{"name: a | b", "version: none | 2",
                                           "pip_extra_index_urls: https://[redacted]@h/ | none",
                                           "pip_extra_index_urls: none | https://[redacted]@h/",
                                           "py_modules: none | n", "worker_image: none | ray:1",
                                           "skip_site_packages: true | false",
                                           "zips: one.zip | none", "zips: none | two.zip"});
    b = a;
    b.zips.emplace_back();
    CHECK(texts_of(diff(a, b)) == Expected{"zips (lists): 1 | 2"});
}

TEST_CASE("values that look like secrets are not shown") {
    model::Manifest a;
    a.env_vars = {{"A", "1"}, {"TOKEN", "old"}, {"SAME_KEY", "x"}};
    auto b = a;
    b.env_vars = {{"A", "2"}, {"TOKEN", "new"}, {"SAME_KEY", "x"}, {"B", "postgres://u:p@h/"}};
    CHECK(texts_of(diff(a, b)) == Expected{"env_vars[\"A\"]: 1 | 2",
                                           "env_vars[\"B\"]: none | [redacted] hidden",
                                           "env_vars[\"TOKEN\"]: [redacted] | [redacted] hidden"});
}

TEST_CASE("conda environments are compared in their parts") {
    model::Manifest a;
    model::Manifest b;
    a.conda = R"({"channels":["x"],"dependencies":["python=3.11",{"pip":["a==1"]}],)"
              R"("variables":{"N":1,"S_TOKEN":"a"}})";
    b.conda = R"({"channels":["y","x"],"dependencies":[{"pip":["a==2"]},"python=3.12"],)"
              R"("variables":{"N":2,"S_TOKEN":"b"}})";
    CHECK(texts_of(diff(a, b)) ==
          Expected{"conda.pip changed a: a==1 | a==2 up", "conda.channels: none | y",
                   "conda.dependencies: python=3.11 | none",
                   "conda.dependencies: none | python=3.12", "conda.variables.N: 1 | 2",
                   "conda.variables.S_TOKEN: [redacted] | [redacted] hidden"});
    b.conda = R"({"channels":["x"],"dependencies":[{"pip":["a==1"]},"python=3.11"],)"
              R"("variables":{"N":1,"S_TOKEN":"a"}})";
    CHECK(texts_of(diff(a, b)).size() == 1);
    b.conda = "{}";
    CHECK_FALSE(diff(a, b).empty());
}
