// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "genevactl/base/error.hpp"
#include "genevactl/base/surroundings.hpp"
#include "layer.hpp"

namespace genevactl::settings {

/// What the nearest project file says: geneva.toml, or a pyproject.toml with [tool.genevactl], in
/// the working directory or above it (at most up to HOME, where the working directory lies in it).
/// Of two in one folder geneva.toml counts. Errors as settings::load says.
base::Result<Layer> layer_of_project(const base::Surroundings& surroundings);

}  // namespace genevactl::settings
