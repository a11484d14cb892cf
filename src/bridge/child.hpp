// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "genevactl/base/process.hpp"
#include "genevactl/base/surroundings.hpp"

namespace genevactl::bridge {

/// A run of the user's interpreter in the user's working directory with the user's environment.
/// Only what would keep Python from starting or ending as asked is changed: PYTHONINSPECT goes, and
/// so does PYTHONHOME where the interpreter is a virtual environment's (as its `activate` does);
/// PYTHONFAULTHANDLER=1 makes a crash say where, and PYTHONHASHSEED=0 gives the same transform the
/// same pickle every time. Both only where the user did not set them.
base::Command python_command(const base::Surroundings& surroundings,
                             const std::filesystem::path& interpreter,
                             const std::vector<std::string>& arguments);

/// "it ended with status 3", "signal 11 (a memory fault) ended it": of a ProcessResult's exit code.
std::string ending_of(int exit_code);

/// "the Python interpreter X does not work: …", with what it said: of one that ended otherwise than
/// it was to.
base::Error broken_interpreter(const std::filesystem::path& interpreter,
                               const base::ProcessResult& result);

/// The last lines of what a program said on stderr, for an error's detail.
std::string last_lines(std::string_view text);

}  // namespace genevactl::bridge
