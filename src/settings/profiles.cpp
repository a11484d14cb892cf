// SPDX-License-Identifier: Apache-2.0
#include "profiles.hpp"

#include <algorithm>

#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "genevactl/base/files.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"

namespace genevactl::settings {

namespace {

namespace fs = std::filesystem;
using base::ErrorKind;

constexpr std::string_view k_profiles = "profiles";
constexpr std::string_view k_default_key = "default_profile";

/// A command of this file is run, so nobody else may write to it.
base::Status check_only_ours(const fs::path& file) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0) {
        return {};
    }
    const bool ours = status.st_uid == ::geteuid() || status.st_uid == 0;
    if (ours && (status.st_mode & S_IWOTH) == 0) {
        return {};
    }
    return base::fail(ErrorKind::refused,
                      fmt::format("{} {}", file.string(),
                                  ours ? "can be written by everybody" : "belongs to someone else"),
                      ours ? "chmod 600 " + base::shell_quote(file.string())
                           : "make it your own with chown, or set XDG_CONFIG_HOME");
}

/// The root table of a file that need not be there.
base::Result<Node> root_of(base::Result<std::string> text, const fs::path& file) {
    if (!text) {
        return text.error().kind == ErrorKind::not_found ? base::Result<Node>(Node())
                                                         : base::fail(std::move(text).error());
    }
    return base::parse_toml(*text, file);
}

bool belongs(const Key& key, bool secrets) {
    return key.secret == secrets && key.name != "profile";
}

base::Error misplaced(const Key& key, const std::string& place, const fs::path& credentials) {
    if (key.secret) {
        return {.kind = ErrorKind::refused,
                .message = fmt::format("{}: {} is a secret and belongs into {}", place, key.name,
                                       credentials.string()),
                .hint = fmt::format("move it there, below the same [profiles.…], and chmod 600 {}",
                                    base::shell_quote(credentials.string()))};
    }
    if (key.name == "profile") {
        return {.kind = ErrorKind::usage,
                .message = fmt::format("{}: a profile cannot name another one", place),
                .hint = "write default_profile = \"NAME\" above the first table"};
    }
    return {
        .kind = ErrorKind::usage,
        .message = fmt::format("{}: {} is no secret and belongs into config.toml", place, key.name),
        .hint = "move it there, below the same [profiles.…]"};
}

/// Checks one [profiles.NAME] of config.toml (or, with `secrets`, of credentials.toml).
base::Status check_profile(const Node& profile, const fs::path& file, const fs::path& credentials,
                           bool secrets) {
    const auto table = fmt::format("[profiles.{}]", base::printable(profile.key));
    if (profile.kind != Node::Kind::table) {
        return base::fail(ErrorKind::usage,
                          fmt::format("{}: a profile must be a table, not {}",
                                      where(file, profile.key_place), name_of(profile.kind)),
                          fmt::format("write {} above its keys", table));
    }
    for (const auto& item : profile.children) {
        const auto place = where(file, item.key_place);
        const auto* key = find_key(item.key);
        if (key == nullptr) {
            return base::fail(unknown_key(
                place, item.key, table,
                names_of_keys([&](const Key& known) { return belongs(known, secrets); })));
        }
        if (!belongs(*key, secrets)) {
            return base::fail(misplaced(*key, place, credentials));
        }
    }
    return {};
}

base::Status check_file(const Node& root, const fs::path& file, const fs::path& credentials,
                        bool secrets) {
    std::vector<std::string> known = {std::string(k_profiles)};
    if (!secrets) {
        known.emplace_back(k_default_key);
    }
    for (const auto& item : root.children) {
        const auto place = where(file, item.key_place);
        if (std::ranges::find(known, item.key) == known.end()) {
            const auto* key = find_key(item.key);
            if (key != nullptr && key->name == "profile" && item.kind != Node::Kind::text) {
                key = nullptr;  // [profile.demo] for [profiles.demo]
            }
            if (key != nullptr && !belongs(*key, secrets)) {
                return base::fail(misplaced(*key, place, credentials));
            }
            auto error = unknown_key(place, item.key, file.filename().string(), known);
            if (key != nullptr) {
                error.hint = "write it below a profile, as [profiles.default]";
            }
            return base::fail(std::move(error));
        }
        const auto wanted = item.key == k_profiles ? Node::Kind::table : Node::Kind::text;
        if (item.kind != wanted) {
            return base::fail(ErrorKind::usage,
                              fmt::format("{}: {} must be {}, not {}", place, item.key,
                                          name_of(wanted), name_of(item.kind)));
        }
        for (const auto& profile : item.children) {
            GENEVACTL_CHECK(check_profile(profile, file, credentials, secrets));
        }
    }
    return {};
}

const Node* profile_in(const Node& root, std::string_view name) {
    const auto* profiles = root.child(k_profiles);
    return profiles == nullptr ? nullptr : profiles->child(name);
}

base::Status add_values(const Node& root, const fs::path& file, std::string_view name,
                        Layer& layer) {
    const auto* profile = profile_in(root, name);
    if (profile == nullptr) {
        return {};
    }
    for (const auto& item : profile->children) {
        Origin origin{Source::profile,
                      fmt::format("profile {} ({}:{})", name, file.string(), item.key_place.line)};
        GENEVACTL_TRY(layer[item.key], raw_of(*find_key(item.key), item, file, std::move(origin)));
    }
    return {};
}

}  // namespace

bool Profiles::has(std::string_view name) const {
    return profile_in(config, name) != nullptr || profile_in(credentials, name) != nullptr;
}

std::vector<std::string> Profiles::names() const {
    std::vector<std::string> result;
    for (const auto* root : {&config, &credentials}) {
        const auto* profiles = root->child(k_profiles);
        for (const auto& profile : profiles == nullptr ? std::vector<Node>() : profiles->children) {
            if (std::ranges::find(result, profile.key) == result.end()) {
                result.push_back(profile.key);
            }
        }
    }
    return result;
}

base::Result<Layer> Profiles::layer(std::string_view name) const {
    Layer result;
    GENEVACTL_CHECK(add_values(config, config_file, name, result));
    GENEVACTL_CHECK(add_values(credentials, credentials_file, name, result));
    return result;
}

std::optional<Raw> Profiles::default_profile() const {
    const auto* node = config.child(k_default_key);
    if (node == nullptr) {
        return std::nullopt;
    }
    return Raw{node->text,
               {Source::profile, fmt::format("{} ({}:{})", k_default_key, config_file.string(),
                                             node->key_place.line)},
               where(config_file, node->key_place),
               config_file.parent_path()};
}

base::Result<Profiles> read_profiles(const base::Surroundings& surroundings) {
    Profiles result;
    result.config_file = surroundings.config_home() / "config.toml";
    result.credentials_file = surroundings.config_home() / "credentials.toml";
    GENEVACTL_CHECK(check_only_ours(result.config_file));
    GENEVACTL_TRY(result.config, root_of(base::read_file(result.config_file), result.config_file));
    GENEVACTL_TRY(result.credentials, root_of(base::read_private_file(result.credentials_file),
                                              result.credentials_file));
    GENEVACTL_CHECK(check_file(result.config, result.config_file, result.credentials_file, false));
    GENEVACTL_CHECK(
        check_file(result.credentials, result.credentials_file, result.credentials_file, true));
    return result;
}

}  // namespace genevactl::settings
