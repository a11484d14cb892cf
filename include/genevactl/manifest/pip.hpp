// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/manifest/remark.hpp"
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

/// A manifest and what should be said of it.
struct Built {
    model::Manifest manifest;
    std::vector<Remark> remarks;
};

/// Builds the manifest as `GenevaManifest.create_pip(...)…build()` of geneva 0.17 does, checksum
/// included: nothing is trimmed, sorted or made unique; of a variable given twice the last counts.
/// `requirements` come first, then the files, inlined as pip reads them. Errors: those of
/// read_requirements(); usage: text that is not UTF-8, an empty name, a requirement that is none or
/// that a worker could not install, a reserved variable (GENEVA_ZIPS, PIP_EXTRA_INDEX_URL) or one
/// that no environment can hold, an index URL that is none.
base::Result<Built> build_pip(const PipOptions& options);

}  // namespace genevactl::manifest
