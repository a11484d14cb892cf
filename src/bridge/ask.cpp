// SPDX-License-Identifier: Apache-2.0
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "ask.hpp"
#include "child.hpp"
#include "genevactl/base/embedded.hpp"
#include "genevactl/base/files.hpp"
#include "genevactl/base/try.hpp"

namespace genevactl::embedded {
extern const std::vector<base::EmbeddedFile> bridge_files;  // made by cmake/embed.cmake
}

namespace genevactl::bridge {

namespace {

namespace fs = std::filesystem;

/// The folder with the Python side: in the user's cache, or in `temporary` where there is none to
/// write to (a read-only home in CI).
base::Result<fs::path> unpacked(const base::Surroundings& surroundings, const fs::path& temporary) {
    if (auto folder = base::unpack(embedded::bridge_files, "bridge", surroundings.cache_home())) {
        return folder;
    }
    return base::unpack(embedded::bridge_files, "bridge", temporary);
}

base::Error crashed(const Interpreter& interpreter, const std::string& target,
                    const base::ProcessResult& result) {
    base::Error error{
        .message = fmt::format("{} gave no answer about {}: {}", interpreter.executable.string(),
                               target, ending_of(result.exit_code)),
        .hint = fmt::format("see what Python printed above; importing the module by "
                            "hand ({} -c 'import …') should show the same",
                            interpreter.executable.string())};
    error.detail = last_lines(result.errors);
    return error;
}

}  // namespace

base::Result<std::string> ask(const base::Surroundings& surroundings,
                              const Interpreter& interpreter, std::string request,
                              const std::string& about) {
    GENEVACTL_TRY(const auto temporary, base::TemporaryDirectory::create("genevactl-bridge-"));
    GENEVACTL_TRY(const auto folder, unpacked(surroundings, temporary.path()));
    const auto answer_file = temporary.path() / "answer.json";
    auto command = python_command(
        surroundings, interpreter.executable,
        {(folder / "genevactl_bridge" / "__main__.py").string(), "--answer", answer_file.string()});
    command.input = std::move(request);
    command.inherit_stderr = true;
    auto result = surroundings.process->run(command);
    if (!result) {
        return base::fail(std::move(result).error().while_doing("asking Python about " + about));
    }
    // The answer is written whole and last: where there is one, how the interpreter ended after it
    // (a crash in a library's exit handler, say) changes nothing.
    auto answer = base::read_file(answer_file);
    if (!answer && answer.error().kind == base::ErrorKind::not_found) {
        return base::fail(crashed(interpreter, about, *result));
    }
    return answer;
}

}  // namespace genevactl::bridge
