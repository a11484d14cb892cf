// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "layer.hpp"
#include "profiles.hpp"
#include "project.hpp"
#include "values.hpp"

namespace genevactl::settings {

namespace {

using base::ErrorKind;

/// Adds what `weaker` has and `layer` has not.
void fill(Layer& layer, const Layer& weaker) {
    for (const auto& [name, raw] : weaker) {
        layer.emplace(name, raw);
    }
}

/// A key or token replaces every key and token of a weaker source, whatever its kind: who sets
/// LANCEDB_API_KEY does not want the profile's token sent. Of one source the first of these counts.
void keep_one_credential(Layer& layer) {
    constexpr std::array<std::string_view, 3> k_names = {"bearer_token", "api_key",
                                                         "api_key_command"};
    auto best = layer.end();
    for (const auto name : k_names) {
        const auto found = layer.find(name);
        if (found != layer.end() &&
            (best == layer.end() || found->second.origin.source < best->second.origin.source)) {
            best = found;
        }
    }
    std::erase_if(layer, [&](const auto& item) {
        return std::ranges::find(k_names, item.first) != k_names.end() && item.first != best->first;
    });
}

/// A profile that was named must be there.
base::Status check_profile(const Profiles& profiles, const Raw& named) {
    if (profiles.has(named.text) || named.text == k_default_profile) {
        return {};
    }
    const auto names = profiles.names();
    const auto near = base::did_you_mean(named.text, names);
    const auto known = names.empty() ? std::string() : "there are " + base::join(names, ", ");
    return base::fail(
        ErrorKind::usage,
        fmt::format("{}: there is no profile '{}' in {}", named.place, base::printable(named.text),
                    profiles.config_file.string()),
        fmt::format("{}{}make it with `genevactl --profile NAME config set KEY VALUE`",
                    near.empty() ? known : near, near.empty() && known.empty() ? "" : "; "));
}

}  // namespace

base::Result<Settings> load(const base::Surroundings& surroundings, const Flags& flags,
                            bool profile_must_exist) {
    GENEVACTL_TRY(auto layer, layer_of_flags(surroundings, flags));
    fill(layer, layer_of_environment(surroundings));
    GENEVACTL_TRY(const auto project, layer_of_project(surroundings));
    fill(layer, project);
    GENEVACTL_TRY(const auto profiles, read_profiles(surroundings));
    if (const auto named = profiles.default_profile()) {
        layer.emplace("profile", *named);
    }
    std::string profile(k_default_profile);
    if (const auto named = layer.find("profile"); named != layer.end()) {
        profile = named->second.text;
        if (profile_must_exist) {
            GENEVACTL_CHECK(check_profile(profiles, named->second));
        }
    } else if (profiles.has(profile)) {
        layer["profile"] = {profile, {Source::defaults, "default"}, "", {}};
    }
    GENEVACTL_TRY(const auto of_profile, profiles.layer(profile));
    fill(layer, of_profile);
    keep_one_credential(layer);
    Settings settings;
    GENEVACTL_CHECK(read_values(surroundings, layer, settings));
    if (const auto host = of_profile.find("host_override"); host != of_profile.end()) {
        settings.profile_host = host->second.text;
    }
    return settings;
}

}  // namespace genevactl::settings
