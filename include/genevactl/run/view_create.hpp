// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/bridge/view.hpp"
#include "genevactl/model/manifest.hpp"
#include "genevactl/model/view.hpp"
#include "genevactl/namespace/views.hpp"
#include "genevactl/run/verbs.hpp"

/// Making views: the verbs, and what they are made of for others that make views (`apply`).
namespace genevactl::run {

/// What a view is made of, as a command line says it.
struct ViewOptions {
    std::vector<std::string> select = {};  ///< "id", "id,text", "n=length(text)", "*"
    std::optional<std::string> where = {};
    bool query = false;
    std::optional<std::string> chunker = {};  ///< MODULE:OBJECT
    std::optional<std::string> udtf = {};     ///< MODULE:OBJECT
    std::optional<std::filesystem::path> manifest = {};
    std::optional<std::string> partition_by = {};
    bool replace_pinned = false;
    ns::ViewCreation creation = {};
};

struct ViewCreate {
    std::string name;
    std::string source;
    ViewOptions options = {};
    bool dry_run = false;
};
Answer view_create(Session& session, const ViewCreate& request);

struct ViewRecreate {
    std::string name;
    std::optional<std::string> source = {};
    ViewOptions options = {};  ///< what is not given stays as it is
    bool restore = false;      ///< put back what an interrupted recreation left
    bool yes = false;
    bool dry_run = false;
};
/// Without `yes` it is refused (kind usage), saying how many rows would be rebuilt.
Answer view_recreate(Session& session, const ViewRecreate& request);

struct ViewDrop {
    std::vector<std::string> names;
    bool yes = false;
    bool dry_run = false;
};
/// Without `yes` it is refused (kind usage), saying what would be dropped.
Answer view_drop(Session& session, const ViewDrop& request);

// --- for whoever makes views -------------------------------------------------------------------

/// The schema metadata that says when a view was registered (RFC 3339).
inline constexpr const char* k_view_registered_key = "genevactl.registered";

/// A view that is to be made, read and checked as far as that goes without the deployment.
struct ViewSpec {
    model::ObjectId name;
    model::ObjectId source;
    model::ViewKind kind = model::ViewKind::query;
    std::string target = {};  ///< of a chunker or udtf: MODULE:OBJECT
    std::optional<std::vector<model::ViewColumn>> columns = {};  ///< all of the source if nothing
    std::optional<std::string> where = {};
    std::optional<model::ManifestDocument> manifest = {};
    bool replace_pinned = false;
    /// For a transform that pins none, where `manifest` is nothing either.
    std::optional<model::PinnedManifest> fallback_manifest = {};
    std::optional<std::string> partition_by = {};
};

/// The columns of `--select`; nothing for none and for "*". Error kind usage.
base::Result<std::optional<std::vector<model::ViewColumn>>> parse_selection(
    const std::vector<std::string>& texts);

/// A view that can be made: what the request has, and what a person wants to know of it.
struct PreparedView {
    ViewSpec spec;
    std::int64_t source_version = 0;
    bridge::BuiltView built = {};
    std::string identity = {};                           ///< of the transform; empty for a query
    std::optional<model::PinnedManifest> manifest = {};  ///< that will be pinned
};

/// Looks at the source, checks the columns, and has the user's Python build the view. Sends nothing
/// that changes anything. Errors: not_found (the source, a column, with the nearest names), usage,
/// conflict (two manifests), those of the bridge.
base::Result<PreparedView> prepare_view(Session& session, ns::Client& client, const ViewSpec& spec);

/// The same from what the deployment keeps of a view: its query and its transform as they are.
base::Result<PreparedView> prepare_kept_view(Session& session, ns::Client& client,
                                             const model::TableDescription& view,
                                             const model::ViewDefinition& definition);

/// What became of it.
struct MadeView {
    ns::CreatedView created;
    bool identity_kept = false;
    std::optional<std::int64_t> pinned_version = {};  ///< of the source, where it does not follow
};

/// Makes a view. A deployment that does not keep the identity, and a view that is pinned to a
/// version of its source, are warned of. Errors: conflict where the name is taken.
base::Result<MadeView> make_view(Session& session, ns::Client& client, const PreparedView& view,
                                 const ns::ViewCreation& creation);

/// Makes `view` in the place of the one that has its name. Where the deployment can rename, the new
/// one is made (and, with data, filled) beside the old one and then takes its name; elsewhere the
/// old definition is kept in the state directory, the old view dropped and the new one made. Errors
/// say what is left and how `view recreate NAME --restore` puts it back; conflict while a job
/// refreshes the old one.
base::Result<MadeView> replace_view(Session& session, ns::Client& client,
                                    const model::TableDescription& old, const PreparedView& view,
                                    const ns::ViewCreation& creation);

}  // namespace genevactl::run
