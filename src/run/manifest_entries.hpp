// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "genevactl/model/snapshot.hpp"
#include "genevactl/project/file.hpp"

namespace genevactl::run {

/// Manifests of a deployment as entries of a project file, each content once.
class ManifestEntries {
public:
    struct Added {
        std::string name;     ///< of the entry
        std::string why_not;  ///< if there is none: why it does not belong into a file
    };
    /// A name that is taken by another content gets the beginning of the checksum behind it.
    Added add(const model::PinnedManifest& pinned);

    /// What pip can install is an entry of that kind; anything else (a capture, conda) is a file
    /// below `folder`.
    std::vector<project::ManifestEntry> entries(const std::filesystem::path& folder) const;
    /// Those files: their paths from the folder, and the JSON.
    std::map<std::string, std::string> files() const;

private:
    struct One {
        std::string checksum;
        project::ManifestEntry entry;
        std::string json;  ///< of one that is a file
    };
    std::vector<One> m_all;
};

}  // namespace genevactl::run
