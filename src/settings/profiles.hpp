// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/base/surroundings.hpp"
#include "layer.hpp"

namespace genevactl::settings {

/// The profile that is used when nothing names one; it need not exist.
inline constexpr std::string_view k_default_profile = "default";

/// CONFIG_HOME/config.toml and credentials.toml, checked: every key is known and where it may be.
struct Profiles {
    std::filesystem::path config_file;
    std::filesystem::path credentials_file;
    Node config;       ///< an empty table if there is no file
    Node credentials;  ///< likewise

    bool has(std::string_view name) const;
    std::vector<std::string> names() const;
    /// The values of a profile from both files.
    base::Result<Layer> layer(std::string_view name) const;
    /// default_profile of config.toml.
    std::optional<Raw> default_profile() const;
};

/// Errors: usage (no TOML, an unknown key), refused (config.toml may be written by others,
/// credentials.toml may be read by others).
base::Result<Profiles> read_profiles(const base::Surroundings& surroundings);

}  // namespace genevactl::settings
