// SPDX-License-Identifier: Apache-2.0
#include "project.hpp"

#include <array>
#include <optional>

#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "genevactl/base/files.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/settings/project_file.hpp"

namespace genevactl::settings {

namespace {

namespace fs = std::filesystem;
using base::ErrorKind;

constexpr std::string_view k_deployment_table = "deployment";
constexpr std::string_view k_settings_table = "settings";
/// The tables of a project file that other parts of the program read.
constexpr std::array<std::string_view, 3> k_other_tables = {"manifests", "columns", "views"};
constexpr std::size_t k_largest = std::size_t{4} << 20U;

using Project = ProjectFile;

/// A file that somebody else put above the user's own folder (/tmp/geneva.toml) is not the user's
/// project. In a folder of that somebody, the user went there knowingly.
base::Status check_owner(const fs::path& file, const fs::path& working_directory) {
    struct stat of_file {};
    struct stat of_folder {};
    if (::stat(file.c_str(), &of_file) != 0 || of_file.st_uid == ::geteuid() ||
        of_file.st_uid == 0) {
        return {};
    }
    if (::stat(working_directory.c_str(), &of_folder) == 0 && of_folder.st_uid == of_file.st_uid) {
        return {};
    }
    return base::fail(
        ErrorKind::refused,
        fmt::format("{} belongs to another user than you and this folder", file.string()),
        "work in another folder, or make the file your own with chown");
}

/// The genevactl part of a pyproject.toml; nothing if it has none.
base::Result<std::optional<Project>> read_pyproject(const fs::path& file) {
    auto text = base::read_file(file, k_largest);
    if (!text) {
        return text.error().kind == ErrorKind::not_found
                   ? base::Result<std::optional<Project>>(std::nullopt)
                   : base::fail(std::move(text).error());
    }
    if (text->find("genevactl") == std::string::npos) {
        return std::nullopt;  // somebody else's file is nobody's business here, broken or not
    }
    GENEVACTL_TRY(const auto root, base::parse_toml(*text, file));
    const auto* tool = root.child("tool");
    const auto* ours = tool == nullptr ? nullptr : tool->child("genevactl");
    if (ours == nullptr) {
        return std::nullopt;
    }
    return Project{file, *ours};
}

base::Result<std::optional<Project>> read_geneva_toml(const fs::path& file) {
    auto root = base::read_toml(file);
    if (root) {
        return Project{file, std::move(*root)};
    }
    if (root.error().kind != ErrorKind::not_found) {
        return base::fail(std::move(root).error());
    }
    return std::nullopt;
}

base::Result<std::optional<Project>> read_folder(const fs::path& folder) {
    GENEVACTL_TRY(auto project, read_geneva_toml(folder / "geneva.toml"));
    return project ? std::move(project) : read_pyproject(folder / "pyproject.toml");
}

base::Result<std::optional<Project>> nearest_project(const base::Surroundings& surroundings) {
    const auto home = surroundings.variable("HOME");
    auto folder = surroundings.working_directory.lexically_normal();
    while (true) {
        GENEVACTL_TRY(auto project, read_folder(folder));
        if (project) {
            GENEVACTL_CHECK(check_owner(project->file, surroundings.working_directory));
            return project;
        }
        if (folder == folder.parent_path() || (home && folder == fs::path(*home))) {
            return std::nullopt;
        }
        folder = folder.parent_path();
    }
}

/// The error of a key that no project file may hold.
base::Error refused_key(const Key& key, const std::string& place) {
    if (key.secret) {
        return {.kind = ErrorKind::refused,
                .message = fmt::format("{}: {} is a secret and must not be in a project file",
                                       place, key.name),
                .hint = fmt::format("take it out, replace it if the file was shared, and set {} or "
                                    "run `genevactl config set {}`",
                                    key.environment, key.name)};
    }
    return {
        .kind = ErrorKind::refused,
        .message = fmt::format("{}: {} is not taken from a project file: a cloned repository "
                               "must not decide what is run, written or trusted on your machine",
                               place, key.name),
        .hint = fmt::format("set {}, or run `genevactl config set {} VALUE` for your profile",
                            key.environment, key.name)};
}

base::Status read_table(const Project& project, std::string_view table, Layer& layer) {
    const auto* node = project.root.child(table);
    if (node == nullptr) {
        return {};
    }
    if (node->kind != Node::Kind::table) {
        return base::fail(
            ErrorKind::usage,
            fmt::format("{}: {} must be a table, not {}", where(project.file, node->key_place),
                        table, name_of(node->kind)),
            fmt::format("write [{}] above its keys", table));
    }
    for (const auto& item : node->children) {
        const auto place = where(project.file, item.key_place);
        const auto* key = find_key(item.key);
        if (key == nullptr) {
            return base::fail(unknown_key(
                place, item.key, fmt::format("[{}]", table),
                names_of_keys([&](const Key& known) { return known.project_table == table; })));
        }
        if (key->project_table.empty()) {
            return base::fail(refused_key(*key, place));
        }
        if (key->project_table != table) {
            return base::fail(
                ErrorKind::usage,
                fmt::format("{}: {} does not belong into [{}]", place, key->name, table),
                fmt::format("move it to [{}]", key->project_table));
        }
        Origin origin{Source::project,
                      fmt::format("{}:{}", project.file.string(), item.key_place.line)};
        GENEVACTL_TRY(layer[item.key], raw_of(*key, item, project.file, std::move(origin)));
    }
    return {};
}

base::Status check_tables(const Project& project) {
    std::vector<std::string> known = {std::string(k_deployment_table),
                                      std::string(k_settings_table)};
    known.insert(known.end(), k_other_tables.begin(), k_other_tables.end());
    for (const auto& item : project.root.children) {
        if (std::ranges::find(known, item.key) != known.end()) {
            continue;
        }
        const auto place = where(project.file, item.key_place);
        if (const auto* key = find_key(item.key)) {
            if (key->project_table.empty()) {
                return base::fail(refused_key(*key, place));
            }
            return base::fail(ErrorKind::usage,
                              fmt::format("{}: {} stands outside any table", place, key->name),
                              fmt::format("write it below [{}]", key->project_table));
        }
        return base::fail(unknown_key(place, item.key, "the project file", known));
    }
    return {};
}

/// The file that was named, or the one in the folder that was.
base::Result<std::optional<Project>> named_project(const base::Surroundings& surroundings,
                                                   const fs::path& named) {
    const auto path = (surroundings.working_directory / named).lexically_normal();
    std::error_code ignored;
    const bool is_folder = fs::is_directory(path, ignored);
    GENEVACTL_TRY(auto project, is_folder                             ? read_folder(path)
                                : path.filename() == "pyproject.toml" ? read_pyproject(path)
                                                                      : read_geneva_toml(path));
    if (!project) {
        return base::fail(ErrorKind::not_found,
                          fmt::format("{}: there is no project file", path.string()),
                          "a geneva.toml, or [tool.genevactl] in a pyproject.toml");
    }
    GENEVACTL_CHECK(check_owner(project->file, surroundings.working_directory));
    return project;
}

}  // namespace

base::Result<std::optional<ProjectFile>> project_file(const base::Surroundings& surroundings,
                                                      const std::optional<fs::path>& named) {
    GENEVACTL_TRY(auto project,
                  named ? named_project(surroundings, *named) : nearest_project(surroundings));
    if (project) {
        GENEVACTL_CHECK(check_tables(*project));
    }
    return project;
}

base::Result<Layer> layer_of_project(const base::Surroundings& surroundings) {
    Layer layer;
    GENEVACTL_TRY(const auto project, project_file(surroundings));
    if (project) {
        GENEVACTL_CHECK(read_table(*project, k_deployment_table, layer));
        GENEVACTL_CHECK(read_table(*project, k_settings_table, layer));
    }
    return layer;
}

}  // namespace genevactl::settings
