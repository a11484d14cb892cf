// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "genevactl/base/descriptor.hpp"
#include "genevactl/base/process.hpp"

namespace genevactl::base {

/// A child that was started and our ends of its pipes (non-blocking; not open where there is none).
struct Spawned {
    pid_t pid = -1;
    bool own_group = true;
    Descriptor input;
    Descriptor output;
    Descriptor errors;
};

/// Starts the command with pipes. With inherit_stderr it shares the terminal and its process group,
/// so that it may ask there for a password; else it leads a group of its own.
Result<Spawned> spawn(const Command& command);

/// Starts the command in a session of its own; see ProcessRunner::spawn_detached.
Result<pid_t> spawn_into_log(const Command& command, const std::filesystem::path& log);

}  // namespace genevactl::base
