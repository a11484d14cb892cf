// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace genevactl::model {

/// The environment of a job: the fields that `GenevaManifest` 0.17 puts into its JSON. Strings are
/// UTF-8. `conda` is the JSON text of an object as Python writes it, keys sorted ("{}" when there
/// is none).
struct Manifest {
    std::string name;
    std::optional<std::string> version = {};
    std::vector<std::string> pip = {};
    std::vector<std::string> py_modules = {};
    std::optional<std::string> head_image = {};
    std::optional<std::string> worker_image = {};
    bool skip_site_packages = true;
    std::vector<std::vector<std::string>> zips = {{}};
    std::string checksum = {};
    std::optional<std::string> requirements_path = {};
    std::string conda = "{}";
    std::optional<std::string> conda_environment_path = {};
    std::map<std::string, std::string> env_vars = {};
    std::vector<std::string> pip_extra_index_urls = {};

    /// True when the manifest brings the workspace's own modules (a non-empty list of zips).
    bool carries_workspace() const {
        for (const auto& list : zips) {
            if (!list.empty()) {
                return true;
            }
        }
        return false;
    }
};

/// A manifest as it travels: its parsed form beside the JSON text that `GenevaManifest.to_json()`
/// gives for it, whatever the white space and order of the text that it was read from.
struct ManifestDocument {
    Manifest manifest;
    std::string json;
};

}  // namespace genevactl::model
