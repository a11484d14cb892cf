// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "genevactl/model/names.hpp"
#include "genevactl/model/schema.hpp"
#include "genevactl/model/snapshot.hpp"

namespace genevactl::model {

/// query: rows of the source as they are; chunker: several rows for each of the source; udtf: rows
/// that a function makes of all of the source (or of each partition of it).
enum class ViewKind : std::uint8_t { query, chunker, udtf };
/// "query", "chunker", "udtf".
std::string_view name_of(ViewKind kind);

/// A column that a view takes from its source: the column itself, or an SQL expression.
struct ViewColumn {
    std::string name;
    std::string expression;  ///< equals the name for a plain column
    /// "id", or "upper=upper(text)": as `--select` takes it.
    std::string text() const;
};

/// The chunker or udtf of a view, from its spec's JSON; the pickle in it is left where it is.
struct ViewTransform {
    std::string name;
    std::string version;              ///< of the function, as the client counts it
    std::vector<std::string> inputs;  ///< columns of the source
    std::string partition_by;         ///< of a udtf; empty for none
    std::string partition_by_indexed_column;
    bool batch = false;                           ///< of a chunker: it takes many rows at once
    std::optional<PinnedManifest> manifest = {};  ///< pinned on the transform
};

/// Does a view follow its source, or is it pinned to the version that it was made from? A query or
/// chunker view names the rows of its source by their ids, which only last if they are stable.
enum class ViewPinning : std::uint8_t {
    follows,
    pinned,
    unknown,  ///< chunker: it depends on the source's row ids, of which the view does not tell
};

/// What a view remembers of its making, read from the `geneva::view::*` metadata of its schema
/// (observed of geneva 0.17).
struct ViewDefinition {
    ViewKind kind = ViewKind::query;
    ObjectId source;
    std::string source_uri;  ///< the database that holds it
    /// Of the source: when the view was made, or (chunker, udtf) last refreshed.
    std::optional<std::int64_t> source_version = {};
    /// Of the source, to which the view was refreshed; nothing: never, or not known.
    std::optional<std::int64_t> refreshed_version = {};
    ViewPinning pinning = ViewPinning::unknown;
    std::string query;                                    ///< JSON text of the client's own
    std::optional<std::vector<ViewColumn>> columns = {};  ///< nothing: every column of the source
    std::string where;                                    ///< empty: every row
    std::optional<std::int64_t> limit = {};
    std::vector<std::string> computed = {};       ///< columns that a transform in the query makes
    std::optional<ViewTransform> transform = {};  ///< of a chunker or udtf view
    std::optional<PinnedManifest> manifest = {};  ///< the snapshot on the view itself
    std::string identity;                         ///< `genevactl.identity`; empty if unknown
    std::string target;                           ///< `genevactl.target`; empty if unknown
};

/// The parameters of a refresh, in the API's units; unset means the engine's own default.
struct RefreshParameters {
    std::optional<std::int64_t> src_version = {};
    std::optional<std::int64_t> max_rows_per_fragment = {};
    std::optional<std::int64_t> concurrency = {};
    std::optional<std::int64_t> intra_applier_concurrency = {};
    std::optional<std::int64_t> source_task_size = {};
    std::optional<std::int64_t> output_limit = {};  ///< of chunker views only
    std::optional<std::string> cluster = {};
    std::optional<PinnedManifest> manifest = {};  ///< its JSON goes along, for this job only
};

/// Nothing for a table that is no view; broken metadata is read as far as it goes.
std::optional<ViewDefinition> view_definition(const Schema& schema);
/// The same with what the table's own version tells: a udtf view that was written to was refreshed.
std::optional<ViewDefinition> view_definition(const TableDescription& table);

}  // namespace genevactl::model
