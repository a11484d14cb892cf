// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/model/names.hpp"
#include "genevactl/model/transform.hpp"
#include "genevactl/namespace/client.hpp"
#include "genevactl/run/session.hpp"
#include "identity.hpp"

namespace genevactl::run {

/// Adds the columns of a transform that prepare_transform() gave, which the table lacks. Several
/// outputs are one entry, under the name of the first, as the Python client sends them.
base::Result<Registered> add_computed(Session& session, ns::Client& client,
                                      const model::ObjectId& table,
                                      const std::vector<std::string>& columns,
                                      const model::TransformDescription& transform);

/// Points a computed column at such a transform.
base::Result<Registered> alter_computed(Session& session, ns::Client& client,
                                        const model::ObjectId& table,
                                        const model::FieldPath& column,
                                        const model::TransformDescription& transform);

}  // namespace genevactl::run
