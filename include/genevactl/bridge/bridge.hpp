// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/base/surroundings.hpp"
#include "genevactl/model/manifest.hpp"
#include "genevactl/model/transform.hpp"

namespace genevactl::bridge {

/// A Python interpreter and how it was found ("--python", "GENEVACTL_PYTHON", "VIRTUAL_ENV",
/// "./.venv", "managed environment").
struct Interpreter {
    std::filesystem::path executable;
    std::string origin;
};

/// The folder of the managed environment that `local setup` makes.
std::filesystem::path managed_environment(const base::Surroundings& surroundings);

/// The first of --python, GENEVACTL_PYTHON, $VIRTUAL_ENV, ./.venv and the managed environment that
/// exists. One that was named and is not there is an error (not_found), not skipped.
base::Result<Interpreter> find_interpreter(const base::Surroundings& surroundings,
    const std::optional<std::string>& python_option);

/// The same search for an interpreter that has `geneva` (looked for as a distribution, nothing is
/// imported); one that was named and lacks it is an error that says what to install.
base::Result<Interpreter> find_interpreter_with_geneva(const base::Surroundings& surroundings,
    const std::optional<std::string>& python_option);

struct TransformRequest {
    std::string target;  ///< MODULE:OBJECT
    bool with_payload = false;
    std::optional<model::ManifestDocument> manifest = {};
    bool replace_pinned = false;
    std::optional<std::vector<std::string>> input_columns = {};
    std::optional<std::string> column = {};
};

/// Asks the user's interpreter about a transform. Errors as the bridge gives them (docs/bridge.md),
/// a traceback of the user's module in `detail`.
base::Result<model::TransformDescription> describe_transform(
    const base::Surroundings& surroundings, const Interpreter& interpreter,
    const TransformRequest& request);

}  // namespace genevactl::bridge
