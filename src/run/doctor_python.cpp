// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "doctor.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/local/environment.hpp"

namespace genevactl::run {

namespace {

constexpr base::Microseconds k_for_uv = std::chrono::seconds(10);

Finding python_found(const bridge::Interpreter& interpreter,
                     const base::Result<bridge::Environment>& environment) {
    if (!environment) {
        return failure("python", environment.error());
    }
    Finding finding{.check = "python",
                    .said = fmt::format("{} at {} (from {})", environment->python,
                                        interpreter.executable.string(), interpreter.origin)};
    finding.facts["version"] = environment->python;
    finding.facts["executable"] = interpreter.executable.string();
    finding.facts["origin"] = interpreter.origin;
    return finding;
}

/// Without a Python much can be done, so it is only missing where one was named.
Finding no_python(const base::Error& error, bool named) {
    auto finding = failure("python", error);
    finding.verdict = named ? Verdict::fail : Verdict::warn;
    return finding;
}

Finding geneva_of(const bridge::Environment& environment) {
    Finding finding{.check = "geneva"};
    std::vector<std::string> there;
    std::vector<std::string> missing;
    for (const auto& [name, version] : environment.versions) {
        finding.facts[name] = version.empty() ? Json(nullptr) : Json(version);
        if (version.empty()) {
            missing.push_back(name);
        } else {
            there.push_back(name + " " + version);
        }
    }
    finding.said = base::join(there, ", ");
    if (!missing.empty()) {
        finding.verdict = Verdict::warn;
        finding.said +=
            (there.empty() ? "" : "; ") + fmt::format("no {}", base::join(missing, ", "));
        finding.mend =
            fmt::format("transforms need it: genevactl local setup, or pip install geneva=={}",
                        local::default_geneva());
    }
    return finding;
}

Finding uv_of(const base::Surroundings& surroundings,
              const std::optional<bridge::Interpreter>& interpreter) {
    std::vector<std::string> programs = {"uv"};
    if (interpreter) {
        programs.push_back((interpreter->executable.parent_path() / "uv").string());
    }
    for (const auto& program : programs) {
        base::Command command{.arguments = {program, "--version"}};
        command.timeout = k_for_uv;
        const auto ran = surroundings.process->run(command);
        if (ran && ran->exit_code == 0) {
            Finding finding{.check = "uv", .said = std::string(base::trim(ran->output))};
            finding.facts["program"] = program;
            return finding;
        }
    }
    return {.check = "uv",
            .verdict = Verdict::warn,
            .said = "not on PATH: environments are made by pip, and `manifest pin` cannot work",
            .mend = "pip install uv"};
}

}  // namespace

PythonFindings check_python(const base::Surroundings& surroundings,
                            const settings::Settings& settings) {
    PythonFindings result;
    std::optional<bridge::Interpreter> interpreter;
    auto found = bridge::find_interpreter_with_geneva(surroundings, settings.python.value,
                                                      settings.python.origin.place);
    if (!found) {
        // One without geneva tells its version, at least.
        const auto error = found.error();
        found = bridge::find_interpreter(surroundings, settings.python.value,
                                         settings.python.origin.place);
        if (!found) {
            const bool named = settings.python.value || surroundings.variable("GENEVACTL_PYTHON") ||
                               surroundings.variable("VIRTUAL_ENV");
            result.findings.push_back(no_python(error, named));
        }
    }
    if (found) {
        interpreter = *found;
        auto environment = bridge::describe_environment(surroundings, *interpreter);
        result.findings.push_back(python_found(*interpreter, environment));
        if (environment) {
            result.findings.push_back(geneva_of(*environment));
            result.environment = std::move(*environment);
        }
    }
    result.findings.push_back(uv_of(surroundings, interpreter));
    return result;
}

}  // namespace genevactl::run
