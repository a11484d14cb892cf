// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "genevactl/model/view.hpp"

namespace genevactl::model {

/// What makes a view, as the user's own geneva builds it (docs/bridge.md): the members of a request
/// that only Python can make.
struct ViewPayload {
    ViewKind kind = ViewKind::query;
    std::string source_query;   ///< JSON text of the client's own
    std::string output_schema;  ///< base64 of an Arrow IPC schema message
    std::string udtf_spec;      ///< JSON; empty for a query
};

}  // namespace genevactl::model
