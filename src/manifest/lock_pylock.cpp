// SPDX-License-Identifier: Apache-2.0
// pylock.toml ("pylock.toml specification" of packaging.python.org, which was PEP 751): each
// package says by itself where it is installed.
#include <algorithm>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "lock_parts.hpp"

namespace genevactl::manifest {

namespace {

using base::Status;

std::string file_of(const JsonValue& file) {
    if (auto name = text_member(file, "name"); !name.empty()) {
        return name;
    }
    const auto url = text_member(file, "url");
    return file_name_of(url.empty() ? text_member(file, "path") : url);
}

bool has_url(const JsonValue& file) {
    return !text_member(file, "url").empty();
}

LockedPackage package_of(const JsonValue& entry) {
    LockedPackage package{.name = text_member(entry, "name"),
                          .version = text_member(entry, "version"),
                          .index = text_member(entry, "index")};
    if (const auto* vcs = member(entry, "vcs")) {
        const auto url = text_member(*vcs, "url");
        package.is_here = url.empty() || text_member(*vcs, "type") != "git";
        package.url =
            git_reference(url, text_member(*vcs, "commit-id"), text_member(*vcs, "subdirectory"));
    } else if (const auto* archive = member(entry, "archive")) {
        package.url = text_member(*archive, "url");
        package.is_here = package.url.empty();
        if (const auto below = text_member(*archive, "subdirectory"); !below.empty()) {
            package.url += "#subdirectory=" + below;
        }
    } else if (member(entry, "directory") != nullptr || package.version.empty()) {
        package.is_here = true;
    } else {
        const auto* sdist = member(entry, "sdist");
        const auto& wheels = items_of(entry, "wheels");
        package.has_source = sdist != nullptr;
        for (const auto& wheel : wheels) {
            package.wheels.push_back(file_of(wheel));
        }
        const bool none_has_url =
            (sdist == nullptr || !has_url(*sdist)) && std::ranges::none_of(wheels, has_url);
        package.is_here = package.index.empty() && none_has_url;
    }
    return package;
}

bool is_project(const JsonValue& entry) {
    const auto* folder = member(entry, "directory");
    const auto path = folder == nullptr ? "" : text_member(*folder, "path");
    return path == "." || path == "./";
}

}  // namespace

Status read_pylock(const JsonValue& root, LockList& list) {
    const auto& target = list.target();
    GENEVACTL_CHECK(list.check_python(text_member(root, "requires-python")));
    GENEVACTL_CHECK(list.check_environments(texts_of(root, "environments")));
    GENEVACTL_CHECK(list.check_names("extra", target.extras, texts_of(root, "extras")));
    GENEVACTL_CHECK(list.check_names("group", target.groups, texts_of(root, "dependency-groups")));
    auto environment = list.worker().markers;
    for (const auto& extra : target.extras) {
        environment.extras.insert(canonical_name(extra));
    }
    for (const auto& group : target.groups) {
        environment.groups.insert(canonical_name(group));
    }
    for (const auto& group : texts_of(root, "default-groups")) {
        environment.groups.insert(canonical_name(group));
    }
    for (const auto& entry : items_of(root, "packages")) {
        GENEVACTL_TRY(const bool wanted, list.holds(text_member(entry, "marker"), environment));
        if (!wanted || is_project(entry)) {
            continue;
        }
        GENEVACTL_CHECK(list.check_python(text_member(entry, "requires-python")));
        GENEVACTL_CHECK(list.add(package_of(entry)));
    }
    return {};
}

}  // namespace genevactl::manifest
