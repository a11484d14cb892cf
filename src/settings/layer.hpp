// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/base/toml.hpp"
#include "genevactl/settings/project_file.hpp"
#include "genevactl/settings/settings.hpp"

namespace genevactl::settings {

using Node = base::TomlNode;
using Place = base::TomlPlace;

/// The row of a key, or null.
const Key* find_key(std::string_view name);
std::vector<std::string> names_of_keys(const std::function<bool(const Key&)>& wanted);

/// A value before it is read by its type.
struct Raw {
    std::string text;
    Origin origin;
    std::string place;             ///< for errors: "--uri", "LANCEDB_URI", "FILE:3:1"
    std::filesystem::path folder;  ///< where a relative path starts
};

/// The values that one source gives, by key name.
using Layer = std::map<std::string, Raw, std::less<>>;

base::Result<Layer> layer_of_flags(const base::Surroundings& surroundings, const Flags& flags);
Layer layer_of_environment(const base::Surroundings& surroundings);

/// A scalar of a TOML file as a Raw. Error usage: not of the key's type.
base::Result<Raw> raw_of(const Key& key, const Node& node, const std::filesystem::path& file,
                         Origin origin);

}  // namespace genevactl::settings
