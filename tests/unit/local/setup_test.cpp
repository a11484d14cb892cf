// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "fakes.hpp"
#include "file_lock.hpp"
#include "genevactl/base/text.hpp"
#include "pins.hpp"
#include "support/catch.hpp"

using namespace genevactl;
using namespace genevactl::local;
using namespace genevactl::local::test;
using base::ErrorKind;
using base::ProcessResult;

namespace {

/// A machine with these interpreters and, or not, uv; the environment is made by whoever is asked.
struct Machine {
    explicit Machine(World& world) : m_world(world), environment(world.path("data/python")) {
        world.runner.on_run = [this](const base::Command& command) { return run(command); };
    }

    base::Result<std::filesystem::path> setup(const SetupOptions& options = {}) {
        return local::setup(m_world.surroundings, m_world.reporter, environment, options);
    }
    /// The commands that ran, each as one line.
    std::vector<std::string> lines() const {
        std::vector<std::string> lines;
        for (const auto& command : m_world.runner.commands) {
            lines.push_back(base::join(command.arguments, " "));
        }
        return lines;
    }
    int count(const std::string& part) const {
        return static_cast<int>(std::ranges::count_if(
            lines(), [&](const auto& line) { return line.find(part) != std::string::npos; }));
    }

    std::map<std::string, std::string> pythons = {{"python3", "[3, 11, 2]"}};
    bool uv = true;
    bool venv = true;
    bool pip_has_uv = true;
    std::string pip_config = {};
    std::string geneva = "0.17.0\n";
    ProcessResult install = {};

private:
    base::Result<ProcessResult> run(const base::Command& command) {
        const auto& words = command.arguments;
        const auto line = base::join(words, " ");
        if (const auto python = pythons.find(words[0]);
            python != pythons.end() && line.find("version_info") != std::string::npos) {
            return ProcessResult{0,
                                 R"({"version": )" + python->second +
                                     R"(, "executable": "/usr/bin/)" + words[0] + R"(", "venv": )" +
                                     (venv ? "true" : "false") + "}",
                                 ""};
        }
        if (words[0] == "uv" && !uv) {
            return base::fail(ErrorKind::not_found, "there is no program uv on PATH");
        }
        if (line == "uv --version") return ProcessResult{0, "uv 0.13.9\n", ""};
        if (words.size() > 1 && (words[1] == "venv" || line.find("-m venv") != std::string::npos)) {
            World::write(environment / "bin" / "python", "#!", 0755);
            return ProcessResult{};
        }
        if (line.ends_with("pip config list")) return ProcessResult{0, pip_config, ""};
        if (line.ends_with(std::string(k_pinned_uv))) {
            return ProcessResult{pip_has_uv ? 0 : 1, "", "no such package\n"};
        }
        if (line.find("importlib.metadata") != std::string::npos) {
            return ProcessResult{0, geneva, ""};
        }
        if (line.find("geneva==") != std::string::npos) {
            if (command.on_stderr_line) command.on_stderr_line("Resolved 90 packages in 1s");
            return install;
        }
        return base::fail(ErrorKind::not_found, "there is no program " + words[0]);
    }

    World& m_world;

public:
    fs::path environment;
};

}  // namespace

TEST_CASE("an environment is made with uv and filled with the pinned packages", "[local]") {
    World world;
    Machine machine(world);
    const auto python = machine.setup();
    REQUIRE(python);
    CHECK(*python == machine.environment / "bin" / "python");
    const auto lines = machine.lines();
    CHECK(machine.count("uv venv") == 1);
    CHECK(machine.count("--python /usr/bin/python3 " + machine.environment.string()) == 1);
    CHECK(machine.count("uv pip install --compile-bytecode --python " + python->string() +
                        " geneva==0.17.0 ") == 1);
    const auto& install = world.runner.commands.at(world.runner.commands.size() - 2);
    for (const auto& requirement : pinned_requirements()) {
        CHECK(std::ranges::count(install.arguments, requirement) == 1);
    }
    CHECK(std::ranges::count(install.unset, "PYTHONPATH") == 1);
    CHECK(std::ranges::count(world.reporter.steps, "Resolved 90 packages in 1s") == 1);
}

TEST_CASE("an environment that is whole is left alone, and quickly", "[local]") {
    World world;
    Machine machine(world);
    REQUIRE(machine.setup());
    world.runner.commands.clear();
    SECTION("without any program being run") {
        REQUIRE(machine.setup());
        CHECK(world.runner.commands.empty());
        REQUIRE(world.reporter.notes.size() == 1);
        CHECK(world.reporter.notes[0].find("already there") != std::string::npos);
    }
    SECTION("unless it is to be made anew") {
        REQUIRE(machine.setup({.recreate = true}));
        CHECK(machine.count("uv venv") == 1);
    }
    SECTION("unless its Python is gone") {
        fs::remove(machine.environment / "bin" / "python");
        REQUIRE(machine.setup());
        CHECK(machine.count("uv venv") == 1);
    }
    SECTION("unless it was made from another table") {
        const auto marker = machine.environment / ".genevactl-environment";
        auto text = base::read_file(marker).value();
        text.replace(text.find(pins_digest()), 64, std::string(64, '0'));
        World::write(marker, text);
        REQUIRE(machine.setup());
        CHECK(machine.count("uv venv") == 1);
    }
    SECTION("if the Python that is named is of the same version") {
        machine.pythons["python3.11"] = "[3, 11, 9]";
        CHECK(machine.setup({.base_python = "python3.11"}));
        CHECK(machine.count("uv") == 0);
    }
    SECTION("and another Python is a conflict") {
        machine.pythons["python3.12"] = "[3, 12, 0]";
        const auto python = machine.setup({.base_python = "python3.12"});
        REQUIRE_FALSE(python);
        CHECK(python.error().kind == ErrorKind::conflict);
        CHECK(python.error().hint.find("--recreate") != std::string::npos);
    }
}

TEST_CASE("a set-up that was cut off is made again from the beginning", "[local]") {
    World world;
    Machine machine(world);
    machine.install = {137, "", "killed\n"};
    REQUIRE_FALSE(machine.setup());
    World::write(machine.environment / "lib" / "half", "");
    machine.install = {};
    REQUIRE(machine.setup());
    CHECK_FALSE(fs::exists(machine.environment / "lib" / "half"));
    world.runner.commands.clear();
    REQUIRE(machine.setup());
    CHECK(world.runner.commands.empty());
}

TEST_CASE("a folder that genevactl did not make is not touched", "[local]") {
    World world;
    Machine machine(world);
    World::write(machine.environment / "precious", "");
    const bool recreate = GENERATE(false, true);
    const auto python = machine.setup({.recreate = recreate});
    REQUIRE_FALSE(python);
    CHECK(python.error().kind == ErrorKind::conflict);
    CHECK(fs::exists(machine.environment / "precious"));
}

TEST_CASE("two set-ups at once are a conflict", "[local]") {
    World world;
    Machine machine(world);
    fs::create_directories(machine.environment.parent_path());
    const auto held = FileLock::take(machine.environment.string() + ".lock");
    REQUIRE(held);
    const auto python = machine.setup();
    REQUIRE_FALSE(python);
    CHECK(python.error().kind == ErrorKind::conflict);
    CHECK(world.runner.commands.empty());
}

TEST_CASE("without uv, pip gets it into the environment first", "[local]") {
    World world;
    Machine machine(world);
    machine.uv = false;
    REQUIRE(machine.setup());
    const auto python = (machine.environment / "bin" / "python").string();
    const auto uv = (machine.environment / "bin" / "uv").string();
    CHECK(machine.count("/usr/bin/python3 -m venv " + machine.environment.string()) == 1);
    CHECK(machine.count(python + " -m pip --disable-pip-version-check install uv==") == 1);
    CHECK(machine.count(uv + " pip install --compile-bytecode --python " + python + " geneva==") ==
          1);
}

TEST_CASE("where uv cannot be had, pip does everything", "[local]") {
    World world;
    Machine machine(world);
    machine.uv = false;
    machine.pip_has_uv = false;
    REQUIRE(machine.setup());
    CHECK(machine.count("-m pip --disable-pip-version-check install geneva==") == 1);
    REQUIRE(world.reporter.notes.size() == 1);
    CHECK(world.reporter.notes[0].find("going on with pip") != std::string::npos);
}

TEST_CASE("a Python without venv is an error that says what to install", "[local]") {
    World world;
    Machine machine(world);
    machine.venv = false;
    SECTION("unless there is uv") {
        CHECK(machine.setup());
    }
    SECTION("if there is none") {
        machine.uv = false;
        const auto python = machine.setup();
        REQUIRE_FALSE(python);
        CHECK(python.error().hint.find("python3.11-venv") != std::string::npos);
    }
}

TEST_CASE("a Python that geneva does not run on is not used", "[local]") {
    World world;
    Machine machine(world);
    machine.pythons = {{"python3", GENERATE("[3, 9, 18]", "[3, 14, 0]", "[2, 7, 18]")}};
    SECTION("where another one is on PATH") {
        machine.pythons["python3.12"] = "[3, 12, 1]";
        machine.pythons["python3.10"] = "[3, 10, 1]";
        REQUIRE(machine.setup());
        CHECK(machine.count("--python /usr/bin/python3.12 ") == 1);
    }
    SECTION("where there is none") {
        const auto python = machine.setup();
        REQUIRE_FALSE(python);
        CHECK(python.error().kind == ErrorKind::not_found);
        CHECK(python.error().message.find("Python 3.10 to 3.13") != std::string::npos);
    }
    SECTION("where it is named") {
        machine.pythons["python3.12"] = "[3, 12, 1]";
        const auto python = machine.setup({.base_python = "python3"});
        REQUIRE_FALSE(python);
        CHECK(python.error().kind == ErrorKind::usage);
        CHECK(machine.count("uv") == 0);
    }
    SECTION("where what is named is not there") {
        const auto python = machine.setup({.base_python = "/none/python"});
        REQUIRE_FALSE(python);
        CHECK(python.error().kind == ErrorKind::not_found);
    }
}

TEST_CASE("a failed installation shows the installer's last words without passwords", "[local]") {
    World world;
    Machine machine(world);
    machine.install = {1, "", "Resolving\nfailed: https://me:hunter2@host/simple timed out\n"};
    const auto python = machine.setup();
    REQUIRE_FALSE(python);
    CHECK(python.error().kind == ErrorKind::failed);
    CHECK(python.error().detail == "Resolving\nfailed: https://host/simple timed out");
    CHECK_FALSE(python.error().hint.empty());
}

TEST_CASE("an installation that brought no geneva does not count", "[local]") {
    World world;
    Machine machine(world);
    machine.geneva = "0.16.0\n";
    REQUIRE_FALSE(machine.setup());
    machine.geneva = "0.17.0\n";
    REQUIRE(machine.setup());
    CHECK(machine.count("uv venv") == 2);
}

TEST_CASE("uv finds packages where pip is set to", "[local]") {
    World world;
    Machine machine(world);
    machine.pip_config =
        "global.index-url='https://mirror.example/simple'\nglobal.no-index='true'\n";
    REQUIRE(machine.setup());
    const auto& install = world.runner.commands.at(world.runner.commands.size() - 2);
    CHECK(install.environment.at("UV_DEFAULT_INDEX") == "https://mirror.example/simple");
    CHECK(std::ranges::count(install.arguments, "--no-index") == 1);
}
