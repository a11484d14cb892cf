// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "genevactl/base/clock.hpp"
#include "genevactl/base/error.hpp"
#include "genevactl/model/snapshot.hpp"
#include "genevactl/namespace/client.hpp"

namespace genevactl::ns {

/// A manifest that a deployment keeps under its name, in `__system/geneva_manifests`.
struct NamedManifest {
    model::PinnedManifest manifest;
    std::optional<base::WallTime> created_at = {};
    std::string created_by = {};  ///< a user's name
};

/// Those of these names, or all, sorted by name; none if there is no such table.
base::Result<std::vector<NamedManifest>> named_manifests(
    Client& client, const std::vector<std::string>& names = {});

/// Puts the manifest, whose `json` is to_json()'s, in the place of one of its name, or beside the
/// others: one request, after which either is there. The table is made if there is none.
base::Status store_manifest(Client& client, const NamedManifest& manifest);

/// Deletes the rows of these names.
base::Status delete_manifests(Client& client, const std::vector<std::string>& names);

}  // namespace genevactl::ns
