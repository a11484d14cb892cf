// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "genevactl/base/error.hpp"
#include "genevactl/model/names.hpp"
#include "genevactl/run/session.hpp"

namespace genevactl::run {

/// What became of a registration.
struct Registered {
    std::int64_t version = 0;    ///< the table's, after it
    bool identity_kept = false;  ///< the deployment answers the identity that it was sent
};

/// Sends a registration (`send` with the entry as JSON, which carries the identity as field
/// metadata) and asks the table whether the identity was kept. A deployment that refuses field
/// metadata gets the entry without; that, and one that drops it, is a warning. Errors: those of
/// `send`.
base::Result<Registered> register_with_identity(
    Session& session, const model::ObjectId& table, const model::FieldPath& column,
    const std::string& identity, const std::string& entry,
    const std::function<base::Result<std::int64_t>(const std::string&)>& send);

}  // namespace genevactl::run
