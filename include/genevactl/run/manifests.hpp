// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "genevactl/run/verbs.hpp"

/// The verbs over the manifests that a deployment keeps by name.
namespace genevactl::run {

struct ManifestPush {
    std::string source;  ///< the file of a manifest, or NAME of [manifests.NAME]
    bool yes = false;    ///< replace one of other content
    bool dry_run = false;
};
/// Stores a manifest under its own name. One of the same content is left as it is; one of another
/// is only replaced with `yes` (kind conflict without, saying what changes).
Answer manifest_push(Session& session, const ManifestPush& request);

struct ManifestList {};
Answer manifest_list(Session& session, const ManifestList& request);

struct ManifestGet {
    std::string name;
    std::optional<std::filesystem::path> out = {};
};
Answer manifest_get(Session& session, const ManifestGet& request);

struct ManifestDelete {
    std::vector<std::string> names;
    bool yes = false;
    bool dry_run = false;
};
/// Deletes all of them, or none if one is not there. Without `yes` it is refused (kind usage).
Answer manifest_delete(Session& session, const ManifestDelete& request);

}  // namespace genevactl::run
