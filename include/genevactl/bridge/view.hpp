// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/base/surroundings.hpp"
#include "genevactl/bridge/bridge.hpp"
#include "genevactl/model/manifest.hpp"
#include "genevactl/model/transform.hpp"
#include "genevactl/model/view_payload.hpp"

namespace genevactl::bridge {

/// A view that is to be made of a table, which only its caller has seen.
struct ViewRequest {
    model::ViewKind kind = model::ViewKind::query;
    std::string target = {};  ///< MODULE:OBJECT of a chunker or udtf
    std::optional<model::ManifestDocument> manifest = {};
    bool replace_pinned = false;
    std::string source = {};    ///< the table's name
    std::string database = {};  ///< NAME of db://NAME
    std::string schema = {};    ///< an Arrow IPC file of the source, rows or none
    /// Columns that the deployment calls blobs; the IPC has only descriptors of them.
    std::vector<std::string> blobs = {};
    std::optional<std::vector<model::ViewColumn>> columns = {};
    std::optional<std::string> where = {};
    std::optional<std::string> partition_by = {};
    /// For a transform that pins none, where `manifest` is nothing either.
    std::optional<model::PinnedManifest> fallback_manifest = {};
    model::StringMap remembered = {};  ///< to be kept in the view's schema metadata
};

/// A view that is to be made again from what a deployment keeps of it.
struct KeptView {
    model::ViewKind kind = model::ViewKind::query;
    std::string query = {};                ///< as the definition has it
    std::optional<std::string> spec = {};  ///< of its transform, likewise
    std::optional<model::PinnedManifest> manifest = {};
    std::string schema = {};  ///< an Arrow IPC file of the view
    model::StringMap remembered = {};
};

struct BuiltView {
    model::ViewPayload payload = {};
    std::optional<model::TransformDescription> transform = {};  ///< of a chunker or udtf
    struct Column {
        std::string name;
        std::string type;  ///< as people write it
    };
    std::vector<Column> columns = {};
    std::string environment_json = {};  ///< versions and platform of the interpreter
};

/// Asks the user's interpreter to build what the Python client sends for a view. Errors are those
/// of describe_transform(), and: not_found for a column that the transform reads and the view's
/// query does not give, usage for an expression or filter that does not fit the source.
base::Result<BuiltView> build_view(const base::Surroundings& surroundings,
                                   const Interpreter& interpreter, const ViewRequest& request);
base::Result<BuiltView> build_view(const base::Surroundings& surroundings,
                                   const Interpreter& interpreter, const KeptView& view);

}  // namespace genevactl::bridge
