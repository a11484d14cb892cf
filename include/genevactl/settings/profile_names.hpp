// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/base/surroundings.hpp"

namespace genevactl::settings {

/// The profiles of the user's settings, sorted. Errors as load() has them for these files.
base::Result<std::vector<std::string>> profile_names(const base::Surroundings& surroundings);

}  // namespace genevactl::settings
