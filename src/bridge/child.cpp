// SPDX-License-Identifier: Apache-2.0
#include "child.hpp"

#include <array>
#include <csignal>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"

namespace genevactl::bridge {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t k_shown_lines = 20;
constexpr int k_signal_offset = 128;  // what ProcessResult adds to a signal's number

constexpr std::array<std::pair<int, std::string_view>, 7> k_signals = {{
    {SIGSEGV, "a memory fault"},
    {SIGBUS, "a memory fault"},
    {SIGABRT, "it aborted"},
    {SIGILL, "an instruction that this processor does not have"},
    {SIGFPE, "an arithmetic fault"},
    {SIGKILL, "killed, perhaps because memory ran out"},
    {SIGTERM, "terminated"},
}};

bool is_in_virtual_environment(const fs::path& interpreter) {
    std::error_code error;
    return fs::exists(interpreter.parent_path().parent_path() / "pyvenv.cfg", error);
}

}  // namespace

base::Command python_command(const base::Surroundings& surroundings, const fs::path& interpreter,
                             const std::vector<std::string>& arguments) {
    base::Command command;
    command.arguments = {interpreter.string()};
    command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
    command.working_directory = surroundings.working_directory;
    command.environment = surroundings.environment;
    command.environment.emplace("PYTHONFAULTHANDLER", "1");
    command.environment.emplace("PYTHONHASHSEED", "0");
    command.unset = {"PYTHONINSPECT"};
    if (is_in_virtual_environment(interpreter)) {
        command.unset.emplace_back("PYTHONHOME");
    }
    for (const auto& name : command.unset) {
        command.environment.erase(name);
    }
    return command;
}

std::string ending_of(int exit_code) {
    for (const auto& [signal, meaning] : k_signals) {
        if (exit_code == k_signal_offset + signal) {
            return fmt::format("signal {} ended it ({})", signal, meaning);
        }
    }
    if (exit_code > k_signal_offset) {
        return fmt::format("it ended with status {} (signal {})", exit_code,
                           exit_code - k_signal_offset);
    }
    return fmt::format("it ended with status {}", exit_code);
}

base::Error broken_interpreter(const fs::path& interpreter, const base::ProcessResult& result) {
    base::Error error{.kind = base::ErrorKind::failed,
                      .message = fmt::format("the Python interpreter {} does not work: {}",
                                             interpreter.string(), ending_of(result.exit_code)),
                      .hint = "mend it, or name another one with --python"};
    error.detail = last_lines(result.errors);
    return error;
}

std::string last_lines(std::string_view text) {
    auto lines = base::split(base::trim(text), '\n');
    if (lines.size() > k_shown_lines) {
        lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(k_shown_lines));
        lines.insert(lines.begin(), "…");
    }
    return base::join(lines, "\n");
}

}  // namespace genevactl::bridge
