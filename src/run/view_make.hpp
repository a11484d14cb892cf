// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "genevactl/run/view_create.hpp"

namespace genevactl::run {

/// What the deployment says of a view that was just made, with the warnings of make_view().
MadeView look_at_made(Session& session, ns::Client& client, const PreparedView& view,
                      ns::CreatedView created);

}  // namespace genevactl::run
