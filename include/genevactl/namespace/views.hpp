// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "genevactl/base/error.hpp"
#include "genevactl/model/names.hpp"
#include "genevactl/model/view.hpp"
#include "genevactl/model/view_payload.hpp"
#include "genevactl/namespace/client.hpp"

/// The operations on materialized views, beside the client.
namespace genevactl::ns {

struct CreatedView {
    std::int64_t version = 0;
    std::optional<std::string> job_id = {};  ///< of the refresh that fills it
};

/// How a view is made, besides what it is.
struct ViewCreation {
    bool with_data = false;     ///< start a refresh at once
    bool auto_refresh = false;  ///< the deployment refreshes it when its source changes
};

/// Makes a view; the body is the Python client's, member for member. Sent once at most. Error kind
/// conflict where the name is taken.
base::Result<CreatedView> create_view(Client& client, const model::ObjectId& id,
                                      const model::ViewPayload& payload,
                                      const ViewCreation& creation);

/// Drops a table or view with its rows. Sent once at most.
base::Status drop_table(Client& client, const model::ObjectId& id);

/// Gives a table or view another name in its namespace (only where the deployment has capability
/// `rename`). Sent once at most. Errors: conflict where the name is taken or a job needs the table.
base::Status rename_table(Client& client, const model::ObjectId& id, const std::string& name);

/// Starts a refresh; the job's id. The request is sent once at most.
base::Result<std::string> refresh_view(Client& client, const model::ObjectId& view,
                                       const model::RefreshParameters& parameters);

}  // namespace genevactl::ns
