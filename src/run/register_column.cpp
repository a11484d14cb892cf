// SPDX-License-Identifier: Apache-2.0
#include "register_column.hpp"

namespace genevactl::run {

base::Result<Registered> add_computed(Session& session, ns::Client& client,
                                      const model::ObjectId& table,
                                      const std::vector<std::string>& columns,
                                      const model::TransformDescription& transform) {
    const auto& name = columns.front();
    return register_with_identity(
        session, {.table = table, .columns = columns, .identity = transform.identity},
        transform.virtual_column, [&](const std::string& entry) {
            return client.add_columns(table, {{.name = name, .virtual_column = entry}});
        });
}

base::Result<Registered> alter_computed(Session& session, ns::Client& client,
                                        const model::ObjectId& table,
                                        const model::FieldPath& column,
                                        const model::TransformDescription& transform) {
    return register_with_identity(
        session,
        {.table = table,
         .columns = {column.parts.front()},
         .identity = transform.identity,
         .how = model::Registration::How::altered},
        transform.alter_virtual_column, [&](const std::string& entry) {
            return client.alter_columns(table, {{.path = column.text(), .virtual_column = entry}});
        });
}

}  // namespace genevactl::run
