// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "genevactl/base/error.hpp"
#include "genevactl/model/schema.hpp"
#include "genevactl/model/transform.hpp"
#include "genevactl/run/session.hpp"
#include "genevactl/run/verbs.hpp"

namespace genevactl::run {

/// In the place of a column's name: the transform has several outputs and names their columns.
inline constexpr std::string_view k_named_by_transform = "-";

/// An input as the table's schema spells it, as the Python client sends it; nothing if the table
/// lacks it. A name that the schema has as it stands needs no backticks.
std::optional<std::string> spelled_input(const model::TableDescription& table,
                                         const std::string& input);

/// The transform of a registration as the user's interpreter describes and pickles it, its inputs
/// checked against the table and written in its spelling; its manifest is the one that will be
/// pinned. Errors are the bridge's, and not_found for an input that the table lacks.
base::Result<model::TransformDescription> prepare_transform(
    Session& session, const ColumnRegister& request,
    const std::optional<model::ManifestDocument>& manifest, const model::TableDescription& table);

}  // namespace genevactl::run
