// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/manifest/builder.hpp"

namespace genevactl::manifest {

/// What `manifest create conda` was given.
struct CondaOptions : BuilderOptions {
    std::vector<std::string> specs = {};
    std::optional<std::filesystem::path> file = {};  ///< an environment.yml
    std::vector<std::string> channels = {};
    bool upload_site_packages = false;
    bool allow_unpinned = false;
};

/// Builds the manifest as `GenevaManifest.create_conda(…).conda(D)…build()` of geneva 0.17 does,
/// where D is what `yaml.safe_load` (PyYAML 6) makes of the file: `channels` go in front of its
/// channels, `specs` behind its dependencies. Errors: not_found for a file that is not there;
/// usage: those of read_yaml() with FILE:LINE:COLUMN, a file that is no mapping or whose channels
/// or dependencies are no lists, nothing to install, and those of build_pip() that can occur here.
base::Result<Built> build_conda(const CondaOptions& options);

/// Builds the manifest as `GenevaManifest.create_site(…)…build()` does: the captured site-packages
/// are the environment. Errors (usage) as build_pip().
base::Result<Built> build_site(const BuilderOptions& options);

}  // namespace genevactl::manifest
