// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/model/names.hpp"
#include "genevactl/model/registration.hpp"
#include "genevactl/namespace/client.hpp"
#include "genevactl/run/session.hpp"

namespace genevactl::run {

/// What became of a registration.
struct Registered {
    std::int64_t version = 0;    ///< the table's, after it
    bool identity_kept = false;  ///< the deployment answers the identity that it was sent
};

/// What a registration is of, and what the deployment is asked to keep beside it.
struct Registering {
    model::ObjectId table;
    std::vector<std::string> columns;  ///< all that it computes, the first of which names it
    std::string identity;
    model::Registration::How how = model::Registration::How::added;
};

/// Sends a registration (`send` with the entry as JSON), which carries as field metadata the
/// identity and how and when the columns were registered, and asks the table whether that was kept.
/// A deployment that refuses field metadata gets the entry without; that, and one that drops it, is
/// a warning. Errors: those of `send`.
base::Result<Registered> register_with_identity(
    Session& session, const Registering& registering, const std::string& entry,
    const std::function<base::Result<std::int64_t>(const std::string&)>& send);

/// The registration of the columns (or, with "" as a column, of a view) as it would be now.
model::Registration registration_now(Session& session, ns::Client& client,
                                     const model::ObjectId& table,
                                     const std::vector<std::string>& columns,
                                     model::Registration::How how);

}  // namespace genevactl::run
