// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
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
/// exists. One that was named and is not there is an error (not_found), not skipped. A name is an
/// executable, the folder of a virtual environment, or a program on PATH. `option_origin` is what
/// `python_option` is called where it came from a settings file instead of the command line.
base::Result<Interpreter> find_interpreter(const base::Surroundings& surroundings,
                                           const std::optional<std::string>& python_option,
                                           std::string_view option_origin = "--python");

/// The same search for an interpreter that has `geneva` (looked for as a distribution, nothing is
/// imported); one that was named (by the option or GENEVACTL_PYTHON) and lacks it is an error that
/// says what to install. Error kind usage when none has it, with what was looked at.
base::Result<Interpreter> find_interpreter_with_geneva(
    const base::Surroundings& surroundings, const std::optional<std::string>& python_option,
    std::string_view option_origin = "--python");

struct TransformRequest {
    std::string target;  ///< MODULE:OBJECT
    bool with_payload = false;
    bool for_later = false;  ///< the column is not known yet (with_payload)
    std::optional<model::ManifestDocument> manifest = {};
    bool replace_pinned = false;
    std::optional<std::vector<std::string>> input_columns = {};
    std::optional<std::string> column = {};  ///< nothing: the transform names its columns
};

/// Asks the user's interpreter about a transform. What the user's module prints goes to stderr.
/// Errors as the bridge gives them (docs/bridge.md), a traceback of the user's module in `detail`:
/// failed (the module raised, the interpreter crashed), not_found (no such module or object), usage
/// (no transform, no geneva, a bad manifest), conflict (two manifests).
base::Result<model::TransformDescription> describe_transform(const base::Surroundings& surroundings,
                                                             const Interpreter& interpreter,
                                                             const TransformRequest& request);

}  // namespace genevactl::bridge
