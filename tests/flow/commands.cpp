// SPDX-License-Identifier: Apache-2.0
#include "flow/commands.hpp"

#include <cstdlib>

#include "genevactl/base/text.hpp"

namespace genevactl::test {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

Json FakePython::described_transform() {
    return Json::parse(R"({"version":1,"kind":"udf","target":"features:embed","name":"embed",
        "transform_version":"1a2b","identity":"v1:5eed","inputs":["text"],
        "outputs":[{"column":"vector","nullable":true,"data_type":{"type":"int64"}}],
        "resources":{"num_cpus":1.0},"manifest":null,
        "pickling":{"mode":"by-value","modules":["features"],"reason":"no archive carries it"},
        "environment":{"python":"3.11.2"},
        "virtual_column":{"udf":"cGlja2xl","udf_name":"embed","input_columns":["text"],
            "data_type":{"type":"int64"},"field_metadata":{"genevactl.identity":"v1:5eed"}},
        "alter_virtual_column":{"udf":"cGlja2xl","udf_name":"embed","input_columns":["text"],
            "field_metadata":{"genevactl.identity":"v1:5eed"}}})");
}

/// What it says of the target: its own answer, or the one of all.
Json FakePython::answer_to(const nlohmann::json& request) const {
    const auto target = request.value("target", std::string());
    const auto own = answers.find(target);
    return own == answers.end() ? answer : own->second;
}

base::Result<base::ProcessResult> FakePython::run(const base::Command& command) {
    const auto asked = nlohmann::json::parse(command.input, nullptr, false);
    const auto& words = command.arguments;
    if (!asked.is_object() || words.size() != 4 || words[2] != "--answer") {
        programs.push_back(base::join(words, " "));
        if (words.size() > 1 && words[1] == "-c") {
            const std::string python =
                R"({"version":[3,11,2],"executable":"/usr/bin/python3","venv":true})";
            return base::ProcessResult{0, python, ""};
        }
        return on_program(command);
    }
    questions.push_back(asked);
    if (asked["action"] == "run") {
        const auto file = asked["results"].get<std::string>();
        if (auto written = base::write_atomic(file, results, 0600); !written) {
            return base::fail(std::move(written).error());
        }
    }
    auto document = answer;
    if (asked["action"] == "several") {
        document = {{"version", 1}, {"answers", Json::array()}};
        for (const auto& request : asked["requests"]) {
            document["answers"].push_back(answer_to(request));
        }
    } else {
        document = answer_to(asked);
    }
    if (const auto written = base::write_atomic(words[3], document.dump(), 0600); !written) {
        return base::fail(base::Error(written.error()));
    }
    return base::ProcessResult{};
}

User::User(ScriptedDeployment& deployment)
    : m_home(std::move(base::TemporaryDirectory::create("genevactl-flow-").value())) {
    const auto home = m_home.path();
    surroundings.working_directory = home / "work";
    fs::create_directories(surroundings.working_directory);
    fs::create_directories(home / "env/bin");
    write("../env/pyvenv.cfg", "home = /usr/bin\n");
    fs::create_directories(home / "env/lib/python3.11/site-packages/geneva-0.17.0.dist-info");
    write("../env/lib/python3.11/site-packages/geneva-0.17.0.dist-info/METADATA", "");
    REQUIRE(base::write_atomic(home / "env/bin/python", "#!/bin/sh\nexit 1\n", 0755).has_value());
    surroundings.environment = {{"HOME", home.string()},
                                {"VIRTUAL_ENV", (home / "env").string()},
                                {"LANCEDB_URI", deployment.server.url()},
                                {"LANCEDB_API_KEY", deployment.key},
                                {"TERM", "xterm"}};
    surroundings.clock = &clock;
    surroundings.process = &python;
    surroundings.interrupt = &interrupt;
    surroundings.input = &m_input;
}

Ran User::run(const Words& arguments) {
    std::ostringstream out;
    std::ostringstream err;
    const int code = cli::run(arguments, surroundings, out, err);
    INFO(base::join(arguments, " ") << " -> " << code << "\n" << out.str() << err.str());
    // Whatever a command does, it shows nobody the key.
    const auto key = surroundings.variable("LANCEDB_API_KEY");
    CHECK_FALSE((key && tells(out.str() + err.str(), *key)));
    return {code, out.str(), err.str()};
}

std::string User::read(const std::string& name) const {
    return base::read_file(surroundings.working_directory / name).value();
}

void User::write(const std::string& name, const std::string& text) const {
    REQUIRE(base::write_atomic(surroundings.working_directory / name, text).has_value());
}

void check_golden(const std::string& name, const std::string& text) {
    const fs::path file = fs::path(GENEVACTL_GOLDEN) / name;
    if (::getenv("GENEVACTL_UPDATE_GOLDEN") != nullptr) {
        REQUIRE(base::write_atomic(file, text).has_value());
    }
    const auto expected = base::read_file(file);
    REQUIRE(expected.has_value());
    CHECK(text == *expected);
}

}  // namespace genevactl::test
