// SPDX-License-Identifier: Apache-2.0
#include "genevactl/manifest/pip.hpp"

#include "genevactl/manifest/json.hpp"
#include "scratch_files.hpp"

using namespace genevactl;
using manifest::build_pip;
using manifest::PipOptions;
using manifest::testing::contains;
using manifest::testing::ScratchFiles;
using Texts = std::vector<std::string>;

namespace {

manifest::Built built(const PipOptions& options) {
    auto result = build_pip(options);
    CAPTURE(result ? "" : result.error().message);
    REQUIRE(result);
    return std::move(*result);
}

base::Error pip_error_of(const PipOptions& options) {
    const auto result = build_pip(options);
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == base::ErrorKind::usage);
    return result.error();
}

PipOptions named() {
    PipOptions options;
    options.name = "n";
    return options;
}

}  // namespace

TEST_CASE("a manifest is built as the client's builders do") {
    auto options = named();
    options.requirements = {"b==1", " a==1 ", "b==1"};
    options.env_vars = {{"A", "1"}, {"B", ""}};
    options.extra_index_urls = {"https://example.org/", "https://example.org/"};
    options.py_modules = {"m", "m"};
    options.head_image = "";
    options.version = "v";
    options.upload_site_packages = true;
    const auto result = built(options);
    CHECK(result.remarks.empty());
    CHECK(result.manifest.pip == options.requirements);
    CHECK(manifest::to_json(result.manifest) ==
          R"({"checksum":")" + result.manifest.checksum +
              R"(","conda":{},"conda_environment_path":null,"env_vars":{"A":"1","B":""},)"
              R"("head_image":"","name":"n","pip":["b==1"," a==1 ","b==1"],)"
              R"("pip_extra_index_urls":["https://example.org/","https://example.org/"],)"
              R"("py_modules":["m","m"],"requirements_path":null,"skip_site_packages":false,)"
              R"("version":"v","worker_image":null,"zips":[[]]})");
}

TEST_CASE("a checksum is the client's") {
    auto options = named();
    options.requirements = {"a==1"};
    CHECK(built(options).manifest.checksum ==
          "0d7012d09083dc5ef74cf0443986bc0d000925db50e05c5da26c7bd7292f7a65");
}

TEST_CASE("arguments come before files, and a file's constraints hold for both") {
    ScratchFiles files;
    files.write("c.txt", "a==1\nb==2");
    auto options = named();
    options.requirements = {"a"};
    options.requirement_files = {files.write("r.txt", "-c c.txt\nb"), files.write("s.txt", "c==3")};
    const auto result = built(options);
    CHECK(result.manifest.pip == Texts{"a==1", "b==2", "c==3"});
    CHECK(result.remarks.empty());
}

TEST_CASE("unpinned requirements are told in one remark") {
    auto options = named();
    options.requirements = {"a", "b==1", "c>=2", "git+https://example.org/d"};
    const auto result = built(options);
    REQUIRE(result.remarks.size() == 1);
    CHECK(result.remarks[0].text == "2 requirements are not pinned to one version: a, c>=2");
    options.allow_unpinned = true;
    CHECK(built(options).remarks.empty());
}

TEST_CASE("a variable given twice has the last value") {
    auto options = named();
    options.env_vars = {{"A", "1"}, {"A", "2"}};
    const auto result = built(options);
    CHECK(result.manifest.env_vars.at("A") == "2");
    CHECK(contains(result.remarks.at(0).text, "--env A is given twice"));
}

TEST_CASE("variables that cannot be set are refused") {
    auto options = named();
    for (const auto& [name, value] :
         std::vector<std::pair<std::string, std::string>>{{"GENEVA_ZIPS", ""},
                                                          {"PIP_EXTRA_INDEX_URL", "x"},
                                                          {"", "x"},
                                                          {"A=B", "x"},
                                                          {"A", std::string(1, '\0')}}) {
        CAPTURE(name);
        options.env_vars = {{name, value}};
        CHECK(contains(pip_error_of(options).message, "--env"));
    }
}

TEST_CASE("a variable that looks like a secret is remarked on without its value") {
    auto options = named();
    options.env_vars = {{"HF_TOKEN", "hunter2"}};
    const auto result = built(options);
    REQUIRE(result.remarks.size() == 1);
    CHECK(contains(result.remarks[0].text, "HF_TOKEN"));
    CHECK_FALSE(contains(result.remarks[0].text + result.remarks[0].hint, "hunter2"));
}

TEST_CASE("a manifest needs a name of letters that UTF-8 has") {
    CHECK(contains(pip_error_of({}).message, "needs a name"));
    PipOptions options;
    options.name = " \t";
    CHECK(contains(pip_error_of(options).message, "needs a name"));
    options.name = "\xff";
    CHECK(contains(pip_error_of(options).message, "not UTF-8"));
    options = named();
    options.env_vars = {{"A", "\xc3"}};
    CHECK(contains(pip_error_of(options).message, "--env A"));
}

TEST_CASE("a wrong argument is told with its number and marked") {
    auto options = named();
    options.requirements = {"a==1", "b==1 # c"};
    const auto error = pip_error_of(options);
    CHECK(contains(error.message, "requirement 2: not a requirement at column 6"));
    CHECK(error.detail == "b==1 # c\n     ^");
    CHECK(error.hint == "leave the comment out");
}

TEST_CASE("an index URL must be one that workers can open") {
    auto options = named();
    for (const auto* const url : {"", "example.org/simple", "file:///simple", "https://a b",
                                  "https://u:${TOKEN}@example.org/"}) {
        CAPTURE(url);
        options.extra_index_urls = {url};
        CHECK(contains(pip_error_of(options).message, "--extra-index-url"));
    }
}
