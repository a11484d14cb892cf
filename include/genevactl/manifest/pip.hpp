// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/manifest/builder.hpp"
#include "genevactl/manifest/lock.hpp"

namespace genevactl::manifest {

/// What `manifest create pip` was given.
struct PipOptions : BuilderOptions {
    std::vector<std::string> requirements = {};
    std::vector<std::filesystem::path> requirement_files = {};
    std::optional<std::filesystem::path> lock = {};  ///< a lock file, read for `lock_target`
    LockTarget lock_target = {};
    std::vector<std::string> extra_index_urls = {};
    bool upload_site_packages = false;
    bool allow_unpinned = false;
};

/// Builds the manifest as `GenevaManifest.create_pip(...)…build()` of geneva 0.17 does, checksum
/// included: nothing is trimmed, sorted or made unique; of a variable given twice the last counts.
/// `requirements` come first, then the files, inlined as pip reads them, then what the lock file
/// has. Errors: those of read_requirements() and read_lock(); usage: text that is not UTF-8, an
/// empty name, a requirement that is none or that a worker could not install, a reserved variable
/// (GENEVA_ZIPS, PIP_EXTRA_INDEX_URL) or one that no environment can hold, an index URL that is
/// none.
base::Result<Built> build_pip(const PipOptions& options);

}  // namespace genevactl::manifest
