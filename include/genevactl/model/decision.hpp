// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "genevactl/model/snapshot.hpp"

namespace genevactl::model {

/// Where a job's manifest can come from, in the order of precedence.
enum class ManifestOrigin : std::uint8_t {
    override_,           ///< given with this call; this job only
    pinned,              ///< on the transform's registration
    view_snapshot,       ///< on the view
    deployment_default,  ///< what the deployment falls back to
    none,                ///< the deployment runs it without a manifest
};
/// "override", "pinned", "view-snapshot", "deployment-default", "none".
std::string_view name_of(ManifestOrigin origin);

enum class TargetKind : std::uint8_t { column, view };

/// What is asked: the target and what the call itself brought.
struct ResolutionRequest {
    TargetKind kind = TargetKind::column;
    std::string table = {};
    std::string column = {};                             ///< empty for a view
    std::optional<std::string> override_name = {};       ///< backfill: a manifest's name
    std::optional<PinnedManifest> override_inline = {};  ///< refresh: a manifest's JSON
};

/// A computed column that a view took along from its source, with its metadata: never a candidate
/// for the view, but shown, since it looks like one.
struct InheritedColumn {
    std::string column;
    std::string source;  ///< the table that it comes from
    std::optional<PinnedManifest> manifest = {};
};

/// What is known.
struct ResolutionFacts {
    std::optional<PinnedManifest> pinned = {};
    std::optional<PinnedManifest> view_snapshot = {};
    std::vector<InheritedColumn> inherited = {};
    bool has_transform = true;         ///< false for a query view, which pins nothing
    bool default_is_readable = false;  ///< only a local deployment tells
    std::optional<PinnedManifest> deployment_default = {};
    std::optional<PinnedManifest>
        named_override;  ///< the override's content, where it could be read
};

struct Candidate {
    ManifestOrigin origin;
    bool won = false;
    std::string name = {};      ///< empty if there is none, or it cannot be read
    std::string checksum = {};  ///< likewise
    std::string reason = {};    ///< why it won or lost
};

/// The decision with every candidate in the order of precedence, one of them won.
struct Decision {
    ManifestOrigin origin = ManifestOrigin::none;
    std::string name = {};
    std::string checksum = {};
    std::vector<Candidate> candidates;
    std::vector<std::string> notes;  ///< e.g. of an inherited column's metadata
};

}  // namespace genevactl::model
