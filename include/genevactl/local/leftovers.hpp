// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "genevactl/base/surroundings.hpp"
#include "genevactl/local/deployment.hpp"

namespace genevactl::local {

/// What a deployment left that was killed: its state folder says that it runs, and no process does.
/// The Ray that it had started may run on.
std::vector<Place> leftovers(const base::Surroundings& surroundings);

}  // namespace genevactl::local
