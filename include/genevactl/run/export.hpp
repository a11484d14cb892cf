// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "genevactl/run/verbs.hpp"

/// The project file from the other side (docs/export.md).
namespace genevactl::run {

struct Export {
    std::optional<std::filesystem::path> out = {};
    bool force = false;  ///< replace a file that is there
};
/// Writes a project file for what the deployment has: computed columns, views, their manifests.
/// What cannot be written as an entry stays `keep = true`, with a comment that says why. Errors:
/// conflict for a file that is there; those of the deployment.
Answer export_project(Session& session, const Export& request);

/// The JSON Schema of a project file.
std::string project_schema();

}  // namespace genevactl::run
