// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "genevactl/base/error.hpp"
#include "genevactl/model/names.hpp"
#include "genevactl/model/view.hpp"
#include "genevactl/namespace/client.hpp"

/// The operations on materialized views.
namespace genevactl::ns {

/// Starts a refresh; the job's id. The request is sent once at most.
base::Result<std::string> refresh_view(Client& client, const model::ObjectId& view,
                                       const model::RefreshParameters& parameters);

}  // namespace genevactl::ns
