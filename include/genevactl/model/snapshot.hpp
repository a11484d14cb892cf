// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "genevactl/model/schema.hpp"

namespace genevactl::model {

/// A manifest as it was frozen into a registration: the name is read from its JSON.
struct PinnedManifest {
    std::string name;
    std::string checksum;
    std::string json;
};

/// The field metadata that keeps a transform's identity (docs/transform.md).
inline constexpr const char* k_identity_key = "genevactl.identity";

/// The metadata (of a column's field, or of a view's schema) that keeps MODULE:OBJECT, by which
/// `export` can name the transform.
inline constexpr const char* k_target_key = "genevactl.target";

/// What a computed column remembers of its registration, read from the `virtual_column.*` metadata
/// of its field (observed of geneva 0.17).
struct ColumnSnapshot {
    std::string udf_name;
    std::string udf_backend;
    std::string udf;  ///< where the pickle lies, relative to the table
    std::vector<std::string> inputs;
    bool auto_backfill = false;
    std::optional<PinnedManifest> manifest;
    std::string platform_system;
    std::string platform_arch;
    std::string platform_python;
    std::string identity;      ///< `genevactl.identity` of docs/transform.md; empty if unknown
    std::string target;        ///< `genevactl.target`, "features:embed"; empty if unknown
    StringMap field_metadata;  ///< everything that is not ours or the engine's
};

/// Nothing for a plain column; broken metadata is read as far as it goes.
std::optional<ColumnSnapshot> column_snapshot(const Field& field);
/// The snapshot on the view itself (`geneva::view::manifest`), if it has one.
std::optional<PinnedManifest> view_manifest(const Schema& schema);
/// The columns that the same registration computes (one transform with several outputs), the given
/// one first.
std::vector<std::string> sibling_columns(const Schema& schema, const std::string& column);
/// The computed columns that read the column or field, or one below it.
std::vector<std::string> dependent_columns(const Schema& schema, const FieldPath& column);

}  // namespace genevactl::model
