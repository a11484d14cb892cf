// SPDX-License-Identifier: Apache-2.0
// poetry.lock. From lock-version 2.1 on each package says its groups and where it is installed;
// before that, only the dependencies between packages are there, and what the project itself asks
// for is in its pyproject.toml.
#include <algorithm>
#include <deque>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "lock_parts.hpp"

namespace genevactl::manifest {

namespace {

using base::Status;
using std::string_view;
using Names = std::set<std::string>;

const JsonValue k_nothing;

const JsonValue& below(const JsonValue& value, std::initializer_list<string_view> path) {
    const auto* at = &value;
    for (const auto name : path) {
        at = member(*at, std::string(name));
        if (at == nullptr) {
            return k_nothing;
        }
    }
    return *at;
}

std::vector<std::string> keys_of(const JsonValue& table) {
    std::vector<std::string> keys;
    for (const auto& [key, value] : table.members) {
        keys.push_back(key);
    }
    return keys;
}

Names canonical(const std::vector<std::string>& names) {
    Names result;
    for (const auto& name : names) {
        result.insert(canonical_name(name));
    }
    return result;
}

/// The name at the front of "h2 (>=3,<5)" or "uvicorn[standard] (>=0.1)".
std::string name_in(string_view text) {
    return canonical_name(text.substr(0, text.find_first_of(" [(;<>=!~")));
}

bool is_true(const JsonValue& value, const std::string& name) {
    const auto* found = member(value, name);
    return found != nullptr && found->text == "true";
}

LockedPackage package_of(const JsonValue& entry, const JsonValue& files) {
    LockedPackage package{.name = text_member(entry, "name"),
                          .version = text_member(entry, "version")};
    const auto& source = below(entry, {"source"});
    const auto type = text_member(source, "type");
    const auto url = text_member(source, "url");
    const auto subdirectory = text_member(source, "subdirectory");
    if (type == "git") {
        package.url = git_reference(url, text_member(source, "resolved_reference"), subdirectory);
    } else if (type == "url") {
        package.url = subdirectory.empty() ? url : url + "#subdirectory=" + subdirectory;
    } else if (type == "directory" || type == "file") {
        package.is_here = true;
    } else {
        package.index = url;
        package.has_source = false;
        const auto own = items_of(entry, "files");
        for (const auto& file : own.empty() ? items_of(files, package.name) : own) {
            const auto name = text_member(file, "file");
            if (name.ends_with(".whl")) {
                package.wheels.push_back(name);
            } else {
                package.has_source = true;
            }
        }
        package.has_source = package.has_source || package.wheels.empty();
    }
    return package;
}

/// The extras of the project: the names of their packages.
base::Result<Names> optional_names(const JsonValue& extras, const LockList& list) {
    GENEVACTL_CHECK(list.check_names("extra", list.target().extras, keys_of(extras)));
    const auto asked = canonical(list.target().extras);
    Names names;
    for (const auto& [extra, packages] : extras.members) {
        if (!asked.contains(canonical_name(extra))) {
            continue;
        }
        for (const auto& package : packages.items) {
            names.insert(name_in(package.text));
        }
    }
    return names;
}

Status read_self_contained(const JsonValue& root, LockList& list) {
    GENEVACTL_TRY(const auto optional, optional_names(below(root, {"extras"}), list));
    auto environment = list.worker().markers;
    environment.extras = canonical(list.target().extras);
    const auto& packages = items_of(root, "package");
    std::vector<std::string> there;
    for (const auto& entry : packages) {
        for (const auto& group : texts_of(entry, "groups")) {
            if (std::ranges::find(there, group) == there.end()) {
                there.push_back(group);
            }
        }
    }
    GENEVACTL_CHECK(list.check_names("group", list.target().groups, there));
    auto asked = canonical(list.target().groups);
    asked.insert("main");
    for (const auto& entry : packages) {
        const auto& markers = below(entry, {"markers"});
        bool wanted = false;
        bool speaks_of_extras = false;
        for (const auto& group : texts_of(entry, "groups")) {
            if (!asked.contains(canonical_name(group))) {
                continue;
            }
            const auto marker = markers.kind == JsonValue::Kind::object
                                    ? text_member(markers, group)
                                    : markers.text;
            GENEVACTL_TRY(const bool holds, list.holds(marker, environment));
            wanted = wanted || holds;
            speaks_of_extras = speaks_of_extras || marker.find("extra") != std::string::npos;
        }
        if (is_true(entry, "optional") && !speaks_of_extras) {
            wanted = wanted && optional.contains(canonical_name(text_member(entry, "name")));
        }
        if (wanted) {
            GENEVACTL_CHECK(list.add(package_of(entry, k_nothing)));
        }
    }
    return {};
}

/// A dependency of the project or of a package: text, a table, or several of either.
struct Dependency {
    std::string name;
    const JsonValue* what;
};

class Walk {
public:
    Walk(const JsonValue& root, LockList& list) : m_root(root), m_list(list) {
        for (const auto& package : items_of(root, "package")) {
            m_packages[canonical_name(text_member(package, "name"))].push_back(&package);
        }
    }

    Status from(const JsonValue& project) {
        const auto& poetry = below(project, {"tool", "poetry"});
        GENEVACTL_TRY(const auto optional, optional_names(below(poetry, {"extras"}), m_list));
        const auto active = canonical(m_list.target().extras);
        GENEVACTL_CHECK(follow(below(poetry, {"dependencies"}), optional, active));
        std::map<std::string, const JsonValue*> groups;
        for (const auto& [name, group] : below(poetry, {"group"}).members) {
            groups[name] = &below(group, {"dependencies"});
        }
        if (const auto* dev = member(poetry, "dev-dependencies")) {
            groups.emplace("dev", dev);
        }
        std::vector<std::string> there;
        for (const auto& [name, dependencies] : groups) {
            there.push_back(name);
        }
        GENEVACTL_CHECK(m_list.check_names("group", m_list.target().groups, there));
        const auto asked = canonical(m_list.target().groups);
        for (const auto& [name, dependencies] : groups) {
            if (asked.contains(canonical_name(name))) {
                GENEVACTL_CHECK(follow(*dependencies, {}, {}));
            }
        }
        return walk();
    }

private:
    using Step = std::pair<const JsonValue*, std::string>;  ///< a package and "" or its extra

    Status walk() {
        while (!m_open.empty()) {
            const auto [package, extra] = m_open.front();
            m_open.pop_front();
            if (extra.empty()) {
                GENEVACTL_CHECK(
                    m_list.add(package_of(*package, below(m_root, {"metadata", "files"}))));
                GENEVACTL_CHECK(follow(below(*package, {"dependencies"}), {}, {}));
                continue;
            }
            Names names;
            for (const auto& [key, texts] : below(*package, {"extras"}).members) {
                for (const auto& text : texts.items) {
                    if (canonical_name(key) == extra) {
                        names.insert(name_in(text.text));
                    }
                }
            }
            GENEVACTL_CHECK(follow(below(*package, {"dependencies"}), names, {extra}));
        }
        return {};
    }

    /// `optional` are the names that the active extras switch on.
    Status follow(const JsonValue& dependencies, const Names& optional, const Names& extras) {
        for (const auto& [name, what] : dependencies.members) {
            if (canonical_name(name) == "python") {
                continue;
            }
            const bool several = what.kind == JsonValue::Kind::array;
            for (std::size_t i = 0; i < (several ? what.items.size() : 1); ++i) {
                const auto& one = several ? what.items[i] : what;
                const bool off =
                    is_true(one, "optional") && !optional.contains(canonical_name(name));
                if (!off) {
                    GENEVACTL_CHECK(follow_one(name, one, extras));
                }
            }
        }
        return {};
    }

    Status follow_one(const std::string& name, const JsonValue& what, const Names& extras) {
        auto environment = m_list.worker().markers;
        environment.extras = extras;
        GENEVACTL_TRY(const bool holds, m_list.holds(text_member(what, "markers"), environment));
        const auto& variables = environment.variables;
        const auto python = text_member(what, "python");
        const auto platform = text_member(what, "platform");
        if (!holds || (!platform.empty() && platform != variables.at("sys_platform")) ||
            (!python.empty() && !poetry_allows(python, variables.at("python_full_version")))) {
            return {};
        }
        const auto constraint =
            what.kind == JsonValue::Kind::string ? what.text : text_member(what, "version");
        GENEVACTL_TRY(const auto* package, find(name, constraint));
        open(*package, "");
        for (const auto& extra : texts_of(what, "extras")) {
            open(*package, canonical_name(extra));
        }
        return {};
    }

    void open(const JsonValue& package, const std::string& extra) {
        if (m_seen.emplace(&package, extra).second) {
            m_open.emplace_back(&package, extra);
        }
    }

    base::Result<const JsonValue*> find(const std::string& name, const std::string& constraint) {
        const auto all = m_packages.find(canonical_name(name));
        if (all != m_packages.end() && all->second.size() == 1) {
            return all->second.front();
        }
        const auto& python = m_list.worker().markers.variables.at("python_full_version");
        std::vector<const JsonValue*> found;
        for (const auto* package :
             all == m_packages.end() ? std::vector<const JsonValue*>() : all->second) {
            if ((constraint.empty() ||
                 poetry_allows(constraint, text_member(*package, "version"))) &&
                poetry_allows(text_member(*package, "python-versions"), python)) {
                found.push_back(package);
            }
        }
        if (found.size() != 1) {
            return base::fail(
                m_list.error(fmt::format("{} packages called {} where one is asked for",
                                         found.empty() ? "no" : "several", name),
                             "the file does not go with its pyproject.toml: run `poetry lock` (2.x "
                             "writes a file that says it all)"));
        }
        return found.front();
    }

    const JsonValue& m_root;
    LockList& m_list;
    std::map<std::string, std::vector<const JsonValue*>> m_packages;
    std::deque<Step> m_open;
    std::set<Step> m_seen;
};

}  // namespace

Status read_poetry_lock(const JsonValue& root, const JsonValue& project, LockList& list) {
    const auto& metadata = below(root, {"metadata"});
    const auto version = text_member(metadata, "lock-version");
    if (!version.starts_with("1.") && !version.starts_with("2.")) {
        return base::fail(list.error(fmt::format("lock-version {} is not known", version),
                                     "versions 1.x and 2.x of poetry.lock are"));
    }
    const auto python = text_member(metadata, "python-versions");
    const auto& full = list.worker().markers.variables.at("python_full_version");
    if (!python.empty() && !poetry_allows(python, full)) {
        return base::fail(
            list.error(fmt::format("it is for Python {}, and the workers have {}", python,
                                   list.target().python_version),
                       "say another --target-python, or lock for the workers' version"));
    }
    const auto& packages = items_of(root, "package");
    const bool says_groups = std::ranges::any_of(
        packages, [](const auto& package) { return member(package, "groups") != nullptr; });
    if (says_groups || packages.empty()) {
        return read_self_contained(root, list);
    }
    if (below(project, {"tool", "poetry", "dependencies"}).kind != JsonValue::Kind::object) {
        return base::fail(
            list.error(fmt::format("lock-version {} does not say what the project asks for, and no "
                                   "pyproject.toml beside it has [tool.poetry.dependencies]",
                                   version),
                       "keep the two files together, or lock with poetry 2"));
    }
    return Walk(root, list).from(project);
}

}  // namespace genevactl::manifest
