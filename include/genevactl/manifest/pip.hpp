// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/model/manifest.hpp"

namespace genevactl::manifest {

/// What `manifest create pip` was given.
struct PipOptions {
    std::string name;
    std::vector<std::string> requirements = {};
    std::vector<std::filesystem::path> requirement_files = {};
    std::vector<std::string> extra_index_urls = {};
    std::vector<std::pair<std::string, std::string>> env_vars = {};
    std::vector<std::string> py_modules = {};
    std::optional<std::string> head_image = {};
    std::optional<std::string> worker_image = {};
    std::optional<std::string> version = {};
    bool upload_site_packages = false;
    bool allow_unpinned = false;
};

/// A manifest and what should be said of it (unpinned requirements, hashes left out, …): each a
/// sentence with, where one helps, a hint.
struct Remark {
    std::string text;
    std::string hint = {};
};
struct Built {
    model::Manifest manifest;
    std::vector<Remark> remarks;
};

/// Builds the manifest as `GenevaManifest.create_pip(...)…build()` of geneva 0.17 does, checksum
/// included. Requirement files are inlined as pip reads them. Errors (usage): an empty name, a
/// requirement that is none, a reserved variable (GENEVA_ZIPS, PIP_EXTRA_INDEX_URL), a requirements
/// file that cannot be inlined, each with file and line.
base::Result<Built> build_pip(const PipOptions& options);

}  // namespace genevactl::manifest
