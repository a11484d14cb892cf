// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "genevactl/base/error.hpp"
#include "genevactl/plan/plan.hpp"
#include "genevactl/project/file.hpp"
#include "genevactl/run/session.hpp"
#include "project_manifest.hpp"

namespace genevactl::run {

/// What the entries of a file want: their transforms as one run of the user's Python describes
/// them, the inputs in the spelling of the tables, entries of one transform with several outputs
/// as one. Errors: those of the bridge, with the entry; usage for an entry that its transform does
/// not fit.
base::Result<plan::Wanted> wanted_of(Session& session, const project::File& chosen,
                                     const std::map<std::string, BuiltManifest>& manifests,
                                     const plan::Seen& seen);

}  // namespace genevactl::run
