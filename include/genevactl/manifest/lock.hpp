// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/manifest/remark.hpp"

namespace genevactl::manifest {

/// The workers that a lock file is read for, and what of the project they need beyond its main
/// dependencies.
struct LockTarget {
    std::string python_version = {};  ///< "3.11", which is 3.11.0 to markers, or "3.11.4"
    std::string platform = "linux";   ///< in uv's words; "linux" is x86-64 with glibc
    std::vector<std::string> extras = {};
    std::vector<std::string> groups = {};  ///< of dependencies, as uv and poetry have them
};

/// What a lock file installs on those workers: exact pins and direct references without markers,
/// sorted by name; the indexes other than the usual one that they come from.
struct LockedRequirements {
    std::vector<std::string> requirements = {};
    std::vector<std::string> extra_index_urls = {};
    std::vector<Remark> remarks = {};
};

/// Reads uv.lock (version 1), pylock.toml (PEP 751, lock-version 1) or poetry.lock (lock-version 1
/// and 2; below 2.1 the dependencies of the project itself come from the pyproject.toml beside it).
/// Markers are evaluated; only what the project reaches counts, the project itself left out.
/// Errors: not_found for a file that is not there; usage with the file's name for what is no lock
/// file, one of another version, a Python or platform that it is not for or that is not known, a
/// package without a wheel or source for it, an extra or group that is not there, and packages
/// that are folders or files of this machine; refused for an index URL with credentials.
base::Result<LockedRequirements> read_lock(const std::filesystem::path& file,
                                           const LockTarget& target);

}  // namespace genevactl::manifest
