// SPDX-License-Identifier: Apache-2.0
// uv.lock (version 1): every package of every environment, each with its dependencies, from the
// project's own on.
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

const JsonValue& source_of(const JsonValue& package) {
    static const JsonValue k_none;
    const auto* source = member(package, "source");
    return source == nullptr ? k_none : *source;
}

/// Is it the project in whose folder the file lies?
bool is_root(const JsonValue& package) {
    const auto& source = source_of(package);
    return text_member(source, "editable") == "." || text_member(source, "virtual") == ".";
}

std::string decoded(string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text.substr(at, 3) == "%2F" || text.substr(at, 3) == "%2f") {
            out += '/';
            at += 2;
        } else {
            out += text[at];
        }
    }
    return out;
}

/// `https://host/repository?subdirectory=a&rev=v1#COMMIT`
std::string reference_of_git(string_view git) {
    const auto mark = git.find('#');
    const auto query_mark = std::min(git.find('?'), mark);
    const auto commit = mark == string_view::npos ? string_view() : git.substr(mark + 1);
    std::string subdirectory;
    if (query_mark < mark) {
        const auto query = git.substr(query_mark + 1, mark - query_mark - 1);
        constexpr string_view k_subdirectory = "subdirectory=";
        for (const auto& part : base::split(query, '&')) {
            if (base::starts_with(part, k_subdirectory)) {
                subdirectory = decoded(string_view(part).substr(k_subdirectory.size()));
            }
        }
    }
    return git_reference(git.substr(0, query_mark), commit, subdirectory);
}

LockedPackage uv_package_of(const JsonValue& entry) {
    const auto& source = source_of(entry);
    LockedPackage package{.name = text_member(entry, "name"),
                          .version = text_member(entry, "version")};
    if (const auto git = text_member(source, "git"); !git.empty()) {
        package.url = reference_of_git(git);
    } else if (auto url = text_member(source, "url"); !url.empty()) {
        const auto subdirectory = text_member(source, "subdirectory");
        package.url = subdirectory.empty() ? url : url + "#subdirectory=" + subdirectory;
    } else if (auto index = text_member(source, "registry");
               index.find("://") != std::string::npos && !base::starts_with(index, "file:")) {
        package.index = std::move(index);
        package.has_source = member(entry, "sdist") != nullptr;
        for (const auto& wheel : items_of(entry, "wheels")) {
            const auto url_or_path = text_member(wheel, "url") + text_member(wheel, "path");
            const auto name = text_member(wheel, "filename");
            package.wheels.push_back(name.empty() ? file_name_of(url_or_path) : name);
        }
        package.has_source = package.has_source || package.wheels.empty();
    } else {
        package.is_here = true;
    }
    return package;
}

class UvWalk {
public:
    UvWalk(const JsonValue& root, LockList& list)
        : m_list(list), m_environment(list.worker().markers) {
        for (const auto& package : items_of(root, "package")) {
            m_packages[canonical_name(text_member(package, "name"))].push_back(&package);
        }
    }

    Status from(const JsonValue& project) {
        GENEVACTL_CHECK(begin(project));
        while (!m_open.empty()) {
            const auto next = m_open.front();
            m_open.pop_front();
            GENEVACTL_CHECK(visit(*next.first, next.second));
        }
        for (const auto* package : m_reached) {
            if (package != &project) {
                GENEVACTL_CHECK(m_list.add(uv_package_of(*package)));
            }
        }
        return {};
    }

private:
    /// The project's dependencies, and those of the extras and groups that are asked for.
    Status begin(const JsonValue& project) {
        const auto& target = m_list.target();
        const auto name = text_member(project, "name");
        const auto part = [&](const std::string& member_name) -> const JsonValue& {
            static const JsonValue k_none;
            const auto* found = member(project, member_name);
            return found == nullptr ? k_none : *found;
        };
        // An extra without a dependency is no key of the first.
        auto extras = keys_of(part("optional-dependencies"));
        const auto provided = texts_of(part("metadata"), "provides-extras");
        extras.insert(extras.end(), provided.begin(), provided.end());
        std::ranges::sort(extras);
        extras.erase(std::ranges::unique(extras).begin(), extras.end());
        GENEVACTL_CHECK(m_list.check_names("extra", target.extras, extras));
        const auto& groups = part("dev-dependencies");
        GENEVACTL_CHECK(m_list.check_names("group", target.groups, keys_of(groups)));
        // How markers of the file speak of extras and groups that exclude each other.
        m_environment.extras.insert(fmt::format("project-{}-{}", name.size(), name));
        for (const auto& extra : target.extras) {
            m_environment.extras.insert(
                fmt::format("extra-{}-{}-{}", name.size(), name, canonical_name(extra)));
        }
        for (const auto& group : target.groups) {
            m_environment.extras.insert(
                fmt::format("group-{}-{}-{}", name.size(), name, canonical_name(group)));
        }
        open(project, "");
        for (const auto& extra : target.extras) {
            open(project, canonical_name(extra));
        }
        for (const auto& group : target.groups) {
            for (const auto& [key, dependencies] : groups.members) {
                if (canonical_name(key) == canonical_name(group)) {
                    GENEVACTL_CHECK(follow(dependencies.items));
                }
            }
        }
        return {};
    }

    static std::vector<std::string> keys_of(const JsonValue& table) {
        std::vector<std::string> keys;
        for (const auto& [key, value] : table.members) {
            keys.push_back(key);
        }
        return keys;
    }

    /// `extra` is "" for the package itself.
    void open(const JsonValue& package, const std::string& extra) {
        if (m_seen.emplace(&package, extra).second) {
            m_open.emplace_back(&package, extra);
        }
    }

    Status visit(const JsonValue& package, const std::string& extra) {
        if (extra.empty()) {
            m_reached.push_back(&package);
            return follow(items_of(package, "dependencies"));
        }
        if (const auto* optional = member(package, "optional-dependencies")) {
            for (const auto& [key, dependencies] : optional->members) {
                if (canonical_name(key) == extra) {
                    GENEVACTL_CHECK(follow(dependencies.items));
                }
            }
        }
        return {};
    }

    Status follow(const std::vector<JsonValue>& dependencies) {
        for (const auto& dependency : dependencies) {
            GENEVACTL_TRY(const bool wanted,
                          m_list.holds(text_member(dependency, "marker"), m_environment));
            if (!wanted) {
                continue;
            }
            GENEVACTL_TRY(const auto* package, find(dependency));
            open(*package, "");
            for (const auto& extra : texts_of(dependency, "extra")) {
                open(*package, canonical_name(extra));
            }
        }
        return {};
    }

    /// A dependency names version and source where the file has several packages of its name.
    base::Result<const JsonValue*> find(const JsonValue& dependency) const {
        const auto name = text_member(dependency, "name");
        const auto version = text_member(dependency, "version");
        const auto* source = member(dependency, "source");
        std::vector<const JsonValue*> found;
        if (const auto all = m_packages.find(canonical_name(name)); all != m_packages.end()) {
            for (const auto* package : all->second) {
                const bool other_version =
                    !version.empty() && version != text_member(*package, "version");
                const bool other_source =
                    source != nullptr &&
                    canonical_json(*source) != canonical_json(source_of(*package));
                if (!other_version && !other_source) {
                    found.push_back(package);
                }
            }
        }
        if (found.size() != 1) {
            return base::fail(
                m_list.error(fmt::format("{} packages called {} where one is asked for",
                                         found.empty() ? "no" : "several", name),
                             "the file is not whole: run `uv lock`"));
        }
        return found.front();
    }

    LockList& m_list;
    MarkerEnvironment m_environment;
    std::map<std::string, std::vector<const JsonValue*>> m_packages;
    std::deque<std::pair<const JsonValue*, std::string>> m_open;
    std::set<std::pair<const JsonValue*, std::string>> m_seen;
    std::vector<const JsonValue*> m_reached;
};

}  // namespace

Status read_uv_lock(const JsonValue& root, LockList& list) {
    GENEVACTL_CHECK(list.check_python(text_member(root, "requires-python")));
    GENEVACTL_CHECK(list.check_environments(texts_of(root, "supported-markers")));
    const auto& packages = items_of(root, "package");
    const auto project = std::ranges::find_if(packages, is_root);
    if (project == packages.end()) {
        return base::fail(list.error(
            "it has no project in its own folder (a workspace without one, or a script's)",
            "`uv export --frozen --no-emit-workspace --package NAME --format pylock.toml -o "
            "pylock.toml`, and give that"));
    }
    return UvWalk(root, list).from(*project);
}

}  // namespace genevactl::manifest
