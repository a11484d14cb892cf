// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "genevactl/base/digest.hpp"
#include "genevactl/manifest/json.hpp"
#include "json_tree.hpp"

namespace genevactl::manifest {

namespace {

std::string optional_string(const std::optional<std::string>& value) {
    return value ? json_string(*value) : "null";
}

std::string list(const std::vector<std::string>& values) {
    std::string out = "[";
    for (const auto& value : values) {
        out += out.size() > 1 ? "," : "";
        out += json_string(value);
    }
    return out + "]";
}

std::string list_of_lists(const std::vector<std::vector<std::string>>& values) {
    std::string out = "[";
    for (const auto& value : values) {
        out += out.size() > 1 ? "," : "";
        out += list(value);
    }
    return out + "]";
}

std::string object(const std::map<std::string, std::string>& values) {
    std::string out = "{";
    for (const auto& [key, value] : values) {
        out += out.size() > 1 ? "," : "";
        out += json_string(key) + ":" + json_string(value);
    }
    return out + "}";
}

/// The fields in the order of their names; `checksum` and `name` only in the whole document.
std::string encode(const model::Manifest& manifest, const std::string* checksum) {
    std::string out = "{";
    if (checksum != nullptr) {
        out += "\"checksum\":" + json_string(*checksum) + ",";
    }
    out += "\"conda\":" + manifest.conda;
    out += ",\"conda_environment_path\":" + optional_string(manifest.conda_environment_path);
    out += ",\"env_vars\":" + object(manifest.env_vars);
    out += ",\"head_image\":" + optional_string(manifest.head_image);
    if (checksum != nullptr) {
        out += ",\"name\":" + json_string(manifest.name);
    }
    out += ",\"pip\":" + list(manifest.pip);
    out += ",\"pip_extra_index_urls\":" + list(manifest.pip_extra_index_urls);
    out += ",\"py_modules\":" + list(manifest.py_modules);
    out += ",\"requirements_path\":" + optional_string(manifest.requirements_path);
    out += ",\"skip_site_packages\":";
    out += manifest.skip_site_packages ? "true" : "false";
    out += ",\"version\":" + optional_string(manifest.version);
    out += ",\"worker_image\":" + optional_string(manifest.worker_image);
    out += ",\"zips\":" + list_of_lists(manifest.zips);
    return out + "}";
}

}  // namespace

std::string to_json(const model::Manifest& manifest) {
    const auto checksum = manifest.checksum.empty() ? checksum_of(manifest) : manifest.checksum;
    return encode(manifest, &checksum);
}

std::string checksum_of(const model::Manifest& manifest) {
    return base::sha256_hex(encode(manifest, nullptr));
}

}  // namespace genevactl::manifest
