// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "genevactl/model/decision.hpp"

namespace genevactl::resolve {

/// Which manifest a job will use: override > pinned on the transform > snapshot on the view >
/// deployment default. Pure: the same request and facts always give the same decision, and every
/// candidate with the reason why it won or lost is in it.
model::Decision resolve(const model::ResolutionRequest& request,
                        const model::ResolutionFacts& facts);

}  // namespace genevactl::resolve
