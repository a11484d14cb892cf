// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/base/surroundings.hpp"
#include "genevactl/bridge/bridge.hpp"
#include "genevactl/model/transform.hpp"

/// What the bridge does besides describing a transform: trying things out in an interpreter.
namespace genevactl::bridge {

struct TrialRequest {
    std::string target;  ///< MODULE:OBJECT
    std::optional<std::vector<std::string>> input_columns = {};
    std::filesystem::path rows;     ///< Arrow IPC with the columns that it reads
    std::filesystem::path results;  ///< where its results go, as an Arrow IPC stream
};

struct Trial {
    model::TransformDescription transform;
    std::vector<std::string> notes = {};  ///< how this differs from a job
};

/// The column of the results that numbers, from 0, the row that each was made of; table functions
/// have none.
inline constexpr const char* k_source_row = "__source_row_id";

/// Runs a transform on rows in the interpreter. Errors: those of describe_transform; failed with
/// the user's own traceback in `detail` where the transform raised, and the row in the message.
base::Result<Trial> run_transform(const base::Surroundings& surroundings,
                                  const Interpreter& interpreter, const TrialRequest& request);

struct ImportedModule {
    std::string name;
    std::string error = {};  ///< empty if it was imported
    std::string traceback = {};
};
struct ImportedDistribution {
    std::string name;
    std::string version = {};  ///< empty if it is not there
    std::vector<ImportedModule> modules = {};
};

/// Imports what each of the distributions has at its top, in one process of the interpreter.
base::Result<std::vector<ImportedDistribution>> try_imports(const base::Surroundings& surroundings,
                                                            const Interpreter& interpreter,
                                                            const std::vector<std::string>& names);

/// The version of the interpreter's geneva; empty if it has none. Imports nothing.
base::Result<std::string> geneva_version(const base::Surroundings& surroundings,
                                         const Interpreter& interpreter);

}  // namespace genevactl::bridge
