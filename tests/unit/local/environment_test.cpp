// SPDX-License-Identifier: Apache-2.0
#include "genevactl/local/environment.hpp"

#include <algorithm>

#include "fakes.hpp"
#include "genevactl/base/text.hpp"
#include "support/catch.hpp"

using namespace genevactl;
using namespace genevactl::local;

namespace {

/// A machine with Python 3.11 and some places of uv.
struct Workshop {
    base::TemporaryDirectory folder =
        std::move(base::TemporaryDirectory::create("genevactl-test").value());
    test::FakeRunner runner;
    base::Surroundings surroundings;
    test::FakeReporter reporter;
    std::vector<std::string> uv = {};
    bool has_venv = true;
    int install_code = 0;
    std::string file = {};  ///< what the requirements file held

    Workshop() {
        surroundings.working_directory = folder.path();
        surroundings.process = &runner;
        runner.on_run = [this](const base::Command& command) { return answer(command); };
    }
    base::Result<base::ProcessResult> answer(const base::Command& command) {
        const auto& words = command.arguments;
        if (words[1] == "-c") {
            base::ProcessResult said;
            said.output = R"({"version":[3,11,2],"executable":"/base/python3","venv":)";
            said.output += has_venv ? "true}" : "false}";
            return said;
        }
        if (words.back() == "--version") {
            if (std::ranges::find(uv, words[0]) != uv.end()) return base::ProcessResult{};
            return base::fail(base::ErrorKind::not_found, "no " + words[0]);
        }
        const bool gets_uv = words.back().starts_with("uv==");
        if (words.back().ends_with("requirements.txt")) {
            file = base::read_file(words.back()).value();
            return base::ProcessResult{install_code, "", "no such package\n"};
        }
        return base::ProcessResult{gets_uv ? 1 : 0, "", ""};
    }
    base::Result<MadeEnvironment> make() {
        return make_environment(surroundings, reporter,
                                {.folder = folder.path(),
                                 .python = "/user/bin/python",
                                 .requirements = "geneva==0.17.0\na==1\n",
                                 .hint = "look there"});
    }
    bool ran(const std::string& start) const {
        return std::ranges::any_of(runner.commands, [&](const base::Command& command) {
            return base::starts_with(base::join(command.arguments, " "), start);
        });
    }
};

}  // namespace

TEST_CASE("an environment is made by uv, on PATH or beside the interpreter", "[local]") {
    for (const std::string uv : {"uv", "/user/bin/uv"}) {
        Workshop workshop;
        workshop.uv = {uv};
        const auto made = workshop.make();
        REQUIRE(made.has_value());
        CHECK(made->installer == "uv");
        CHECK(made->version == "3.11.2");
        CHECK(made->python == workshop.folder.path() / "bin/python");
        CHECK(workshop.ran(uv + " venv "));
        CHECK(workshop.ran(uv + " pip install --python " + made->python.string() + " -r "));
        CHECK(workshop.file == "geneva==0.17.0\na==1\n");
    }
}

TEST_CASE("without uv an environment is made by venv and pip", "[local]") {
    Workshop workshop;
    const auto made = workshop.make();
    REQUIRE(made.has_value());
    CHECK(made->installer == "pip");
    CHECK(workshop.ran("/base/python3 -m venv "));
    CHECK(workshop.ran(made->python.string() + " -m pip --disable-pip-version-check install -r "));

    Workshop poor;
    poor.has_venv = false;
    const auto none = poor.make();
    REQUIRE_FALSE(none.has_value());
    CHECK(none.error().hint.find("install uv") != std::string::npos);
}

TEST_CASE("a failed installation keeps the installer's words and the caller's hint", "[local]") {
    Workshop workshop;
    workshop.uv = {"uv"};
    workshop.install_code = 1;
    const auto made = workshop.make();
    REQUIRE_FALSE(made.has_value());
    CHECK(made.error().kind == base::ErrorKind::failed);
    CHECK(made.error().detail == "no such package");
    CHECK(made.error().hint == "look there");
}
