// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "genevactl/base/error.hpp"
#include "genevactl/base/process.hpp"
#include "genevactl/base/surroundings.hpp"
#include "genevactl/local/deployment.hpp"

namespace genevactl::local {

// The control plane's own exit codes. It cannot run, which it says in one sentence: at all, or
// because of the bucket of its root. Another one holds the state folder.
inline constexpr int k_exit_unfit = 2;
inline constexpr int k_exit_unauthenticated = 4;
inline constexpr int k_exit_no_bucket = 5;
inline constexpr int k_exit_locked = 6;
inline constexpr int k_exit_unreachable = 7;
inline constexpr int k_exit_forbidden = 13;

/// The error of a control plane that said in one sentence why it cannot run; nothing for another
/// exit code.
std::optional<base::ErrorKind> unfit_kind(int code);

/// Unpacks the control plane below CACHE_HOME and returns the command that serves the place with it
/// (docs/local.md has the command line). It runs in the state folder and does not inherit the
/// keys of other deployments.
base::Result<base::Command> server_command(const base::Surroundings& surroundings,
                                           const StartOptions& options);

/// Makes the state folder and the one it lies in, both private.
base::Status make_state_folder(const base::Surroundings& surroundings, const Place& place);

/// Makes default_root() when that is what will be served; another root that is not there is an
/// error of the control plane.
base::Status make_usual_root(const base::Surroundings& surroundings, const Place& place);

}  // namespace genevactl::local
