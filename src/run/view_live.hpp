// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "genevactl/base/error.hpp"
#include "genevactl/model/names.hpp"
#include "genevactl/namespace/client.hpp"
#include "genevactl/run/session.hpp"

namespace genevactl::run {

/// Error kind conflict while a job refreshes the view, with how to wait for it and to cancel it.
base::Status check_no_refresh(Session& session, ns::Client& client, const model::ObjectId& view);

}  // namespace genevactl::run
