// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/base/secret.hpp"
#include "genevactl/base/surroundings.hpp"

namespace genevactl::settings {

/// Where a value came from, in the order of precedence.
enum class Source : std::uint8_t { flag, environment, project, profile, defaults };

/// "flag --uri", "environment LANCEDB_URI", "/home/a/p/geneva.toml:3", "profile demo (/…:7)",
/// "default".
struct Origin {
    Source source = Source::defaults;
    std::string place;
};

template <typename T>
struct Setting {
    T value{};
    Origin origin{};
};

/// One row of the table of settings: every name there is, as `config list` and docs/settings.md
/// show them.
struct Key {
    std::string_view name;         ///< "uri"
    std::string_view environment;  ///< "GENEVACTL_URI"; "" if none
    std::string_view type;         ///< "text", "uri", "duration", "path", "program", "command"
    std::string_view default_value;
    std::string_view meaning;
    /// The table of a project file that may hold it ("deployment" or "settings"); "" if none may.
    std::string_view project_table = {};
    bool secret = false;
};
const std::vector<Key>& keys();
/// The row of a name. Error (usage): there is no such setting, with the nearest name.
base::Result<const Key*> known_key(std::string_view name);

/// The values that the command line gave, by key name.
using Flags = std::map<std::string, std::string, std::less<>>;

/// All settings of one run, each with its origin.
struct Settings {
    Setting<std::optional<std::string>> uri;            ///< db://NAME, a directory, or nothing
    Setting<std::optional<std::string>> host_override;  ///< LANCEDB_URI
    Setting<std::optional<std::string>> profile;
    Setting<std::optional<base::Secret>> api_key;
    Setting<std::optional<base::Secret>> bearer_token;
    Setting<std::optional<std::string>> api_key_command;
    Setting<std::optional<std::string>> python;
    Setting<std::optional<std::filesystem::path>> ca_bundle;
    Setting<std::optional<std::filesystem::path>> trace_http;
    Setting<base::Microseconds> request_timeout;  ///< total deadline of one request
    Setting<base::Microseconds> connect_timeout;
    Setting<base::Microseconds> poll_interval;
    Setting<base::Microseconds> stale_after;    ///< a job not updated for so long is stale
    Setting<base::Microseconds> appear_within;  ///< an id without a record for so long is unknown
    Setting<std::string> color;                 ///< auto, always, never
    /// The host_override of the user's own profile, whatever has replaced it: see check_key_may_go.
    std::optional<std::string> profile_host = {};
};

/// Reads everything: flags, environment, the nearest geneva.toml or [tool.genevactl] of a
/// pyproject.toml upwards (its [deployment] and [settings] tables), the user's profile
/// (CONFIG_HOME/config.toml and credentials.toml, [profiles.NAME]), defaults. No command is run:
/// see api_key_of. Errors (usage): a file that is no TOML, an unknown key (with the nearest name),
/// a value of the wrong type, each with file, line and column; a profile that was named and is not
/// there, unless `profile_must_exist` is off (`config set` makes it). Refused: a key in a project
/// file, a credentials file that others can read, a project file of someone else.
base::Result<Settings> load(const base::Surroundings& surroundings, const Flags& flags,
                            bool profile_must_exist = true);

/// Whether the key or token of the settings may go to their host_override. A key is the user's own;
/// a project file comes with a clone. So a key is not sent (refused) to a host that only a project
/// file names: the host must come from a flag, the environment or the profile, or be the profile's
/// own host_override, or be this machine. Without a key or a host there is nothing to refuse.
base::Status check_key_may_go(const Settings& settings);

/// The key to send: api_key, or what api_key_command prints (run once, by /bin/sh, its stderr
/// shown); nothing if there is neither. Checks check_key_may_go first. Error unauthenticated: the
/// command failed or printed no key.
base::Result<std::optional<base::Secret>> api_key_of(const base::Surroundings& surroundings,
                                                     const Settings& settings);

/// A line of `config list`: the value as text ("[set]" for a secret, "" where nothing is set) and
/// its origin.
struct Listed {
    std::string name;
    std::string value;
    Origin origin;
};
std::vector<Listed> list(const Settings& settings);

/// Writes KEY = VALUE into the user's profile (`profile`, else the one that is used, else
/// "default"), keeping the rest of the file as it is; keys of secrets go to credentials.toml
/// (0600). A relative path is kept as an absolute one. Returns the file changed. Errors (usage): no
/// such key, a value that is none of its type, a file that cannot be edited line by line.
base::Result<std::filesystem::path> set(const base::Surroundings& surroundings,
                                        const std::optional<std::string>& profile,
                                        std::string_view key, std::string_view value);
/// Makes a profile the one that is used when none is named; not_found if there is no such profile.
base::Result<std::filesystem::path> use(const base::Surroundings& surroundings,
                                        std::string_view profile);

}  // namespace genevactl::settings
