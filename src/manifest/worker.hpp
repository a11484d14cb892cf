// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "genevactl/base/error.hpp"
#include "genevactl/manifest/lock.hpp"
#include "marker_value.hpp"

namespace genevactl::manifest {

/// A Python on a platform, as markers and the tags of wheels see it.
struct Worker {
    MarkerEnvironment markers;
    std::string shown;              ///< "Python 3.11 on linux"
    std::string minor;              ///< "11"
    std::string system;             ///< "Linux", "Darwin" or "Windows"
    std::string machine;            ///< as wheels have it: "x86_64", "aarch64", "arm64", "amd64"
    std::optional<int> glibc = {};  ///< the 2.N that it has at least; any if not known
};

/// Errors (usage): a version that is none, a platform that is not known.
base::Result<Worker> worker_of(const LockTarget& target);

/// Can it load the wheel of this file name (PEP 427, 600 and 425)?
bool fits(std::string_view wheel, const Worker& worker);

}  // namespace genevactl::manifest
