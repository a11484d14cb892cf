// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "genevactl/run/verbs.hpp"

namespace genevactl::run {

struct Doctor {
    bool write = false;  ///< try the upload place with an object that is removed again
};
/// Looks at everything that commands need, and says of each finding how to mend it. Starts nothing
/// and changes nothing. Ends with the kind of what failed, where all that failed is of one kind,
/// else with failed.
Answer doctor(Session& session, const Doctor& request);

}  // namespace genevactl::run
