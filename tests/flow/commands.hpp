// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "flow/scripted_deployment.hpp"
#include "genevactl/base/error.hpp"
#include "genevactl/base/files.hpp"
#include "genevactl/base/process.hpp"
#include "genevactl/base/surroundings.hpp"
#include "genevactl/cli/cli.hpp"
#include "support/catch.hpp"
#include "support/fake_clock.hpp"

namespace genevactl::test {

using Words = std::vector<std::string>;

/// The user's interpreter: answers what a test says it found, and remembers what it was asked.
class FakePython final : public base::ProcessRunner {
public:
    nlohmann::ordered_json answer = described_transform();
    std::map<std::string, nlohmann::ordered_json> answers = {};  ///< of some targets, by name
    std::vector<nlohmann::json> questions = {};
    std::string results = {};                ///< what it writes when it is asked to run a transform
    std::vector<std::string> programs = {};  ///< the words of every other program
    std::function<base::Result<base::ProcessResult>(const base::Command&)> on_program =
        [](const base::Command&) { return base::ProcessResult{}; };

    base::Result<base::ProcessResult> run(const base::Command& command) override;
    base::Result<pid_t> spawn_detached(const base::Command&,
                                       const std::filesystem::path&) override {
        return base::fail(base::ErrorKind::internal, "not in these tests");
    }
    static nlohmann::ordered_json described_transform();

private:
    nlohmann::ordered_json answer_to(const nlohmann::json& request) const;
};

/// What a command did.
struct Ran {
    int code = 0;
    std::string out;
    std::string err;

    nlohmann::json document() const { return nlohmann::json::parse(out); }
    /// The error of a JSON command.
    nlohmann::json error() const { return document().at("error"); }
};

/// A user with a home of their own, whose commands run against a scripted deployment.
class User {
public:
    explicit User(ScriptedDeployment& deployment);

    Ran run(const Words& arguments);
    /// The text of a file in the working directory.
    std::string read(const std::string& name) const;
    void write(const std::string& name, const std::string& text) const;

    test::FakeClock clock;
    test::ManualInterrupt interrupt;
    FakePython python;
    base::Surroundings surroundings;

private:
    base::TemporaryDirectory m_home;
    std::istringstream m_input;
};

/// A scripted deployment and a user of it.
struct Scene {
    ScriptedDeployment deployment;
    User user{deployment};

    Ran run(const Words& arguments) { return user.run(arguments); }
};

inline Words with(Words words, const Words& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

inline bool tells(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// Compares with tests/golden/NAME, or writes it where GENEVACTL_UPDATE_GOLDEN is set.
void check_golden(const std::string& name, const std::string& text);

}  // namespace genevactl::test
