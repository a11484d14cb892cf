// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "genevactl/base/error.hpp"
#include "genevactl/base/surroundings.hpp"

namespace genevactl::bridge {

/// Whether an interpreter has the distribution `geneva`, without importing it. A virtual
/// environment whose site-packages has its .dist-info is answered from the disk; otherwise the
/// interpreter is asked. Errors: the interpreter does not run.
base::Result<bool> has_geneva_distribution(const base::Surroundings& surroundings,
                                           const std::filesystem::path& interpreter);

}  // namespace genevactl::bridge
