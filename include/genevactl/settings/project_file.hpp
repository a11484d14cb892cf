// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/base/surroundings.hpp"
#include "genevactl/base/toml.hpp"

namespace genevactl::settings {

/// A project file as it stands: `root` is the whole of a geneva.toml, or [tool.genevactl] of a
/// pyproject.toml.
struct ProjectFile {
    std::filesystem::path file;
    base::TomlNode root;
};

/// The nearest project file: geneva.toml, or a pyproject.toml with [tool.genevactl], in the working
/// directory or above it (at most up to HOME, where the working directory lies in it). Of two in
/// one folder geneva.toml counts. With `named` that file and no other: a folder is looked into, a
/// relative path starts at the working directory. Nothing if there is none. Errors: usage (no TOML,
/// a table that no project file has), refused (a file of another user, a key in it); not_found for
/// a named file that is not there.
base::Result<std::optional<ProjectFile>> project_file(
    const base::Surroundings& surroundings, const std::optional<std::filesystem::path>& named = {});

/// Error usage of a key that no table knows: names the place and what is near.
base::Error unknown_key(const std::string& place, std::string_view name, std::string_view table,
                        const std::vector<std::string>& known);

}  // namespace genevactl::settings
