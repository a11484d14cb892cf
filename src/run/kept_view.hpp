// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "genevactl/base/error.hpp"
#include "genevactl/model/view_payload.hpp"
#include "genevactl/namespace/client.hpp"
#include "genevactl/run/session.hpp"

namespace genevactl::run {

/// The old definition of a view while it is made anew (STATE_HOME/views): where a deployment cannot
/// rename, the old view is gone for a moment, and this puts it back.
std::filesystem::path kept_view_file(const Session& session, const ns::Client& client,
                                     const model::ObjectId& view);
base::Status keep_view(const Session& session, const ns::Client& client,
                       const model::ObjectId& view, const model::ViewPayload& payload);
/// Nothing if none is kept; failed for a file that is damaged.
base::Result<std::optional<model::ViewPayload>> kept_view(const Session& session,
                                                          const ns::Client& client,
                                                          const model::ObjectId& view);
void forget_kept_view(const Session& session, const ns::Client& client,
                      const model::ObjectId& view);

/// The names that a view has while it is made anew beside the old one.
model::ObjectId beside_new(model::ObjectId view);
model::ObjectId beside_old(model::ObjectId view);

}  // namespace genevactl::run
