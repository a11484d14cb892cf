// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "edit.hpp"
#include "genevactl/base/files.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "layer.hpp"
#include "profiles.hpp"
#include "values.hpp"

namespace genevactl::settings {

namespace {

namespace fs = std::filesystem;
using base::ErrorKind;

constexpr unsigned k_private = 0600;

base::Status check_name(std::string_view name) {
    const bool good =
        !name.empty() && name.front() != '-' && std::ranges::all_of(name, [](unsigned char c) {
            return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.';
        });
    return good ? base::Status()
                : base::fail(ErrorKind::usage,
                             fmt::format("'{}' is no name for a profile", base::printable(name)),
                             "use letters, digits, '.', '_' and '-'");
}

base::Result<const Key*> settable(std::string_view name) {
    GENEVACTL_TRY(const auto* key, known_key(name));
    if (key->name == "profile") {
        return base::fail(ErrorKind::usage, "a profile cannot name another one",
                          "`genevactl config use NAME` makes a profile the one that is used");
    }
    return key;
}

/// The value as the file will hold it, checked as reading it back would.
base::Result<std::string> checked_value(const base::Surroundings& surroundings, const Key& key,
                                        std::string_view value) {
    const std::string name(key.name);
    Raw raw{std::string(value), {Source::flag, name}, name, surroundings.working_directory};
    raw.text = key.secret ? std::string(base::trim(value)) : anchored(surroundings, key, raw);
    if (value.empty()) {
        raw.text.clear();
    }
    Settings settings;
    GENEVACTL_CHECK(read_values(surroundings, {{name, raw}}, settings));
    return raw.text;
}

/// Writes `value` at `path` into a file of CONFIG_HOME, which is made private if it is not there.
base::Status write_value(const fs::path& file, const std::vector<std::string>& path,
                         std::string_view value) {
    std::string text;
    std::error_code error;
    if (fs::exists(file, error)) {
        GENEVACTL_TRY(text, base::read_file(file));
    } else if (!fs::exists(file.parent_path(), error)) {
        GENEVACTL_CHECK(base::create_private_directory(file.parent_path()));
    }
    GENEVACTL_TRY(const auto changed, with_value(text, file, path, value));
    return base::write_atomic(file, changed, k_private);
}

/// The profile that is used when a command names none: what the settings themselves say.
base::Result<std::string> used_profile(const base::Surroundings& surroundings) {
    GENEVACTL_TRY(const auto settings, load(surroundings, {}, false));
    return settings.profile.value.value_or(std::string(k_default_profile));
}

}  // namespace

base::Result<fs::path> set(const base::Surroundings& surroundings,
                           const std::optional<std::string>& profile, std::string_view key,
                           std::string_view value) {
    GENEVACTL_TRY(const auto* row, settable(key));
    GENEVACTL_TRY(const auto text, checked_value(surroundings, *row, value));
    GENEVACTL_TRY(const auto profiles, read_profiles(surroundings));
    std::string name = profile.value_or("");
    if (!profile) {
        GENEVACTL_TRY(name, used_profile(surroundings));
    }
    GENEVACTL_CHECK(check_name(name));
    const auto& file = row->secret ? profiles.credentials_file : profiles.config_file;
    GENEVACTL_CHECK(write_value(file, {"profiles", name, std::string(key)}, text));
    return file;
}

base::Result<fs::path> use(const base::Surroundings& surroundings, std::string_view profile) {
    GENEVACTL_TRY(const auto profiles, read_profiles(surroundings));
    if (!profiles.has(profile)) {
        const auto names = profiles.names();
        auto hint = base::did_you_mean(profile, names);
        if (hint.empty()) {
            hint = names.empty() ? "make one with `genevactl config set KEY VALUE`"
                                 : "there are " + base::join(names, ", ");
        }
        return base::fail(ErrorKind::not_found,
                          fmt::format("there is no profile '{}'", base::printable(profile)),
                          std::move(hint));
    }
    GENEVACTL_CHECK(write_value(profiles.config_file, {"default_profile"}, profile));
    return profiles.config_file;
}

}  // namespace genevactl::settings
