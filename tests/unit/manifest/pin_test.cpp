// SPDX-License-Identifier: Apache-2.0
#include "genevactl/manifest/pin.hpp"

#include <algorithm>

#include "genevactl/manifest/json.hpp"
#include "scratch_files.hpp"

using namespace genevactl;
using manifest::testing::contains;
using Texts = std::vector<std::string>;

namespace {

const manifest::PinTarget k_target{"3.11", "linux"};

model::Manifest asking_for(Texts lines) {
    model::Manifest given;
    given.name = "m";
    given.pip = std::move(lines);
    return given;
}

manifest::PinQuestion question_of(const model::Manifest& given) {
    auto question = manifest::pin_question(given, k_target);
    CAPTURE(question ? "" : question.error().message);
    REQUIRE(question);
    return std::move(*question);
}

bool has(const Texts& texts, const std::string& first, const std::string& second) {
    const auto found = std::adjacent_find(
        texts.begin(), texts.end(), [&](auto& a, auto& b) { return a == first && b == second; });
    return found != texts.end();
}

}  // namespace

TEST_CASE("uv is asked about each requirement in a file of its own") {
    auto given = asking_for({"a[x]>=1 ; os_name == 'posix' # c", "--pre", "b==1",
                             "c==1 --config-settings=k=v", "--no-binary :all:"});
    given.pip_extra_index_urls = {"https://u:p@h/", "https://i/"};
    given.env_vars = {{"PIP_INDEX_URL", "https://own/"}};
    const auto question = question_of(given);
    using File = std::pair<std::string, std::string>;
    CHECK(question.files == std::vector<File>{{"0.in", "a[x]>=1 ; os_name == 'posix'\n"},
                                              {"2.in", "b==1\n"},
                                              {"3.in", "c==1\n"},
                                              {"options.in", "--no-binary :all:\n"}});
    CHECK(has(question.arguments, "--python-version", "3.11"));
    CHECK(has(question.arguments, "--python-platform", "linux"));
    CHECK(has(question.arguments, "--prerelease", "allow"));
    CHECK(question.environment.at("UV_EXTRA_INDEX_URL") == "https://u:p@h/ https://i/");
    CHECK(question.environment.at("UV_DEFAULT_INDEX") == "https://own/");
    for (const auto& argument : question.arguments) {
        CHECK_FALSE(contains(argument, "u:p"));
    }
    CHECK_FALSE(question.nothing_to_ask);
    CHECK(question_of(asking_for({"a==1", "--pre"})).nothing_to_ask);
    CHECK_FALSE(question_of(asking_for({"git+https://h/x@main"})).nothing_to_ask);
}

TEST_CASE("what uv cannot be asked about is refused") {
    for (const auto* const line : {"-e .", "-r x.txt", "./a", "a=1"}) {
        CAPTURE(line);
        const auto question = manifest::pin_question(asking_for({line}), k_target);
        REQUIRE_FALSE(question);
        CHECK(question.error().kind == base::ErrorKind::usage);
    }
    model::Manifest conda;
    conda.conda = R"({"dependencies":["a"]})";
    CHECK_FALSE(manifest::pin_question(conda, k_target));
    model::Manifest path;
    path.requirements_path = "r.txt";
    CHECK_FALSE(manifest::pin_question(path, k_target));
}

TEST_CASE("only what is open is set, and nothing else changes") {
    auto given = asking_for({"Name.X[e,f]>=1 ; os_name == 'posix'", "b==1.0", "c===1", "d",
                             "e>=1 --config-settings=k=v", "--pre", "u @ https://h/u.whl"});
    given.env_vars = {{"A", "1"}};
    const std::string answer =
        "b==1.0               # via -r 1.in\n"
        "c==1                 # via -r 2.in\n"
        "d==4.0+cpu           # via -r 3.in, b, -r 9.in\n"
        "e==5                 # via -r 4.in\n"
        "name-x[e, f]==2.1.post1  # via -r 0.in\n"
        "other==9             # via d\n"
        "u @ https://h/u.whl  # via -r 6.in\n";
    const auto built = manifest::pinned(given, k_target, answer);
    REQUIRE(built);
    CHECK(built->manifest.pip == Texts{"Name.X[e,f]==2.1.post1 ; os_name == 'posix'", "b==1.0",
                                       "c===1", "d==4.0+cpu", "e==5 --config-settings=k=v", "--pre",
                                       "u @ https://h/u.whl"});
    CHECK(built->manifest.env_vars == given.env_vars);
    CHECK(built->manifest.checksum == manifest::checksum_of(built->manifest));
    CHECK(built->remarks.empty());
}

TEST_CASE("a requirement is never lost") {
    const auto given = asking_for({"a>=1 ; sys_platform == 'win32'", "a>=2"});
    const auto built = manifest::pinned(given, k_target, "a==3  # via -r 1.in\n");
    REQUIRE(built);
    CHECK(built->manifest.pip == Texts{"a>=1 ; sys_platform == 'win32'", "a==3"});
    REQUIRE(built->remarks.size() == 1);
    CHECK(contains(built->remarks[0].text, "pip[0] is left as it is"));

    const auto missing = manifest::pinned(asking_for({"a>=1"}), k_target, "b==1  # via -r 1.in\n");
    REQUIRE_FALSE(missing);
    CHECK(missing.error().kind == base::ErrorKind::internal);
}

TEST_CASE("version control gets the commit, its URL stays as written") {
    const std::string commit(40, 'c');
    const auto given = asking_for(
        {"x @ git+https://u:p@h/x@main#egg=x ; os_name == 'posix'", "y @ git+ssh://git@h/y"});
    const auto built =
        manifest::pinned(given, k_target,
                         "x @ git+https://u:****@h/x@" + commit + "  # via -r 0.in\n" +
                             "y @ git+ssh://git@h/y@" + commit + "  # via -r 1.in\n");
    REQUIRE(built);
    CHECK(built->manifest.pip ==
          Texts{"x @ git+https://u:p@h/x@" + commit + "#egg=x ; os_name == 'posix'",
                "y @ git+ssh://git@h/y@" + commit});
}

TEST_CASE("uv's failures are explained, without passwords") {
    const auto kind = [](std::string_view words) {
        return manifest::pin_failure(k_target, words).kind;
    };
    CHECK(kind("error: No solution found when resolving") == base::ErrorKind::failed);
    CHECK(kind("cause: error sending request for url") == base::ErrorKind::unreachable);
    CHECK(kind("cause: HTTP status client error (401 Unauthorized)") ==
          base::ErrorKind::unauthenticated);
    CHECK(kind("error: invalid value 'x' for '--python-version'") == base::ErrorKind::usage);
    CHECK(kind("something new") == base::ErrorKind::failed);
    const auto error = manifest::pin_failure(k_target, "at https://u:hunter2@h/ x\n");
    CHECK(error.detail == "at https://[redacted]@h/ x");
    CHECK(contains(error.message, "Python 3.11, linux"));
    const auto missing = manifest::pin_failure(
        k_target, "No solution found\n because x was not found in the package registry");
    CHECK(contains(missing.message, "not there under this name"));
}
