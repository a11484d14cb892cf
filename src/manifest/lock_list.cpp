// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "default_index.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "installable.hpp"
#include "lock_parts.hpp"
#include "secrets.hpp"
#include "version.hpp"

namespace genevactl::manifest {

namespace {

using base::ErrorKind;
using base::Status;
using std::string_view;

std::string counted(const std::vector<std::string>& names) {
    return base::plural(static_cast<long long>(names.size()), "package");
}

/// The comparisons of ">=3.9,<4".
std::optional<std::vector<VersionSpecifier>> specifiers_of(string_view text) {
    const auto parsed = parse_requirement(fmt::format("python{}", text));
    return parsed ? std::optional(parsed->specifiers) : std::nullopt;
}

}  // namespace

base::Error LockList::error(std::string what, std::string hint) const {
    return {.kind = ErrorKind::usage,
            .message = fmt::format("{}: {}", m_file, what),
            .hint = std::move(hint)};
}

base::Result<bool> LockList::holds(string_view marker, const MarkerEnvironment& environment) const {
    const auto value = marker_holds(marker, environment);
    if (!value) {
        return base::fail(error(fmt::format("not a marker at column {}: expected {}: {}",
                                            value.error().at + 1, value.error().expected, marker),
                                "lock once more"));
    }
    return *value;
}

Status LockList::check_environments(const std::vector<std::string>& markers) const {
    for (const auto& marker : markers) {
        GENEVACTL_TRY(const bool value, holds(marker, m_worker.markers));
        if (value) {
            return {};
        }
    }
    if (markers.empty()) {
        return {};
    }
    return base::fail(error(fmt::format("it is not locked for {}, only where {}", m_worker.shown,
                                        base::join(markers, " or ")),
                            "lock for the workers' environment too, or say another "
                            "--target-platform or --target-python"));
}

Status LockList::check_python(string_view requires_python) const {
    const auto& version = m_worker.markers.variables.at("python_full_version");
    const auto specifiers = specifiers_of(requires_python);
    if (requires_python.empty() || (specifiers && contains(*specifiers, version))) {
        return {};
    }
    return base::fail(error(fmt::format("it is for Python {}, and the workers have {}",
                                        requires_python, m_target.python_version),
                            "say another --target-python, or lock for the workers' version"));
}

Status LockList::check_names(string_view what, const std::vector<std::string>& asked,
                             const std::vector<std::string>& there) const {
    const auto same = [](const std::string& a) {
        return [wanted = canonical_name(a)](const std::string& b) {
            return canonical_name(b) == wanted;
        };
    };
    for (const auto& name : asked) {
        if (std::ranges::any_of(there, same(name))) {
            continue;
        }
        const auto has = there.empty() ? fmt::format("it has no {}s", what)
                                       : fmt::format("it has {}", base::join(there, ", "));
        return base::fail(error(fmt::format("the project has no {} {}", what, name), has));
    }
    return {};
}

Status LockList::add_index(const std::string& given) {
    const auto url = given.substr(0, given.find_last_not_of('/') + 1);
    if (url.empty() || url == k_default_index) {
        return {};
    }
    if (holds_credentials(url)) {
        return base::fail(
            ErrorKind::refused,
            fmt::format("{}: the URL of an index holds a user name or password", m_file),
            "lock with credentials from the environment, and give the workers "
            "theirs: a manifest is plain text");
    }
    GENEVACTL_CHECK(check_index_url(url, "an index", m_file));
    auto& urls = m_result.extra_index_urls;
    if (std::ranges::find(urls, url) == urls.end()) {
        urls.push_back(url);
    }
    return {};
}

Status LockList::check_files(const LockedPackage& package) {
    if (package.wheels.empty() && package.has_source) {
        return {};
    }
    if (std::ranges::any_of(package.wheels,
                            [&](const auto& wheel) { return fits(wheel, m_worker); })) {
        return {};
    }
    if (!package.has_source) {
        return base::fail(error(fmt::format("{} {} has neither a wheel for {} nor a source",
                                            package.name, package.version, m_worker.shown),
                                "choose another version of it, or say another --target-platform "
                                "or --target-python"));
    }
    m_from_source.push_back(package.name);
    return {};
}

Status LockList::add(const LockedPackage& package) {
    if (package.is_here) {
        m_here.push_back(package.name);
        return {};
    }
    std::string line;
    if (package.url.empty()) {
        GENEVACTL_CHECK(check_files(package));
        GENEVACTL_CHECK(add_index(package.index));
        line = package.name + "==" + package.version;
    } else {
        line = package.name + " @ " + package.url;
        m_references.push_back(package.name);
    }
    GENEVACTL_CHECK(check_installable(line, m_file));
    if (!package.url.empty()) {
        remark_on(line, m_file, m_result.remarks);
    }
    const auto [place, is_new] =
        m_lines.try_emplace(canonical_name(package.name), package.version, line);
    if (!is_new && place->second.second != line) {
        return base::fail(error(fmt::format("two versions of {} for {}: {} and {}", package.name,
                                            m_worker.shown, place->second.first, package.version),
                                "extras or groups that exclude each other were asked for, or the "
                                "file is not whole: lock once more"));
    }
    return {};
}

base::Result<LockedRequirements> LockList::finish() {
    if (!m_here.empty()) {
        std::ranges::sort(m_here);
        return base::fail(
            error(fmt::format("{} that only this machine has: {}", counted(m_here),
                              base::join(m_here, ", ")),
                  "`genevactl capture create` takes code of this machine along: keep such "
                  "packages out of what is locked for the workers, or publish them"));
    }
    for (auto& [name, line] : m_lines) {
        m_result.requirements.push_back(std::move(line.second));
    }
    if (!m_references.empty()) {
        m_result.remarks.push_back(
            {fmt::format("{}: without the hash that the lock file has: {}", m_file,
                         base::join(m_references, ", ")),
             "workers download them from their URLs; a git commit names its content by itself"});
    }
    if (!m_from_source.empty()) {
        m_result.remarks.push_back(
            {fmt::format("{}: no wheel for {}, so that the workers build from source: {}", m_file,
                         m_worker.shown, base::join(m_from_source, ", ")),
             "it takes their compiler and time"});
    }
    return std::move(m_result);
}

std::string file_name_of(string_view url) {
    url = url.substr(0, url.find_first_of("?#"));
    return std::string(url.substr(url.find_last_of('/') + 1));
}

std::string git_reference(string_view url, string_view commit, string_view subdirectory) {
    auto text = fmt::format("{}{}@{}", base::starts_with(url, "git+") ? "" : "git+", url, commit);
    if (!subdirectory.empty()) {
        text += fmt::format("#subdirectory={}", subdirectory);
    }
    return text;
}

}  // namespace genevactl::manifest
