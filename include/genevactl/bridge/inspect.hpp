// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/base/surroundings.hpp"
#include "genevactl/bridge/bridge.hpp"
#include "genevactl/model/transform.hpp"

namespace genevactl::bridge {

/// What the user's interpreter says of several transforms, in one run of it: importing geneva takes
/// seconds. The answers stand in the order of the requests, each a description (without payload) or
/// the error that describe_transform() would give of it. Errors: those of the run as a whole.
base::Result<std::vector<base::Result<model::TransformDescription>>> inspect_transforms(
    const base::Surroundings& surroundings, const Interpreter& interpreter,
    const std::vector<TransformRequest>& requests);

}  // namespace genevactl::bridge
