// SPDX-License-Identifier: Apache-2.0
#include "genevactl/manifest/lock.hpp"

#include <fmt/format.h>

#include "genevactl/base/try.hpp"
#include "lock_parts.hpp"

namespace genevactl::manifest {

namespace {

using base::ErrorKind;

constexpr std::size_t k_largest_lock = std::size_t{64} << 20U;

/// What the project itself asks for, for the versions of poetry.lock that do not say it.
base::Result<JsonValue> project_beside(const std::filesystem::path& lock) {
    auto project = read_toml(lock.parent_path() / "pyproject.toml", k_largest_lock);
    if (!project && project.error().kind == ErrorKind::not_found) {
        return JsonValue{};
    }
    return project;
}

}  // namespace

base::Result<LockedRequirements> read_lock(const std::filesystem::path& file,
                                           const LockTarget& target) {
    GENEVACTL_TRY(const auto worker, worker_of(target));
    GENEVACTL_TRY(const auto root, read_toml(file, k_largest_lock));
    LockList list(file.string(), target, worker);
    const auto* metadata = member(root, "metadata");
    const auto* version = member(root, "version");
    if (const auto pylock = text_member(root, "lock-version"); !pylock.empty()) {
        if (!pylock.starts_with("1.")) {
            return base::fail(list.error(fmt::format("lock-version {} is not known", pylock),
                                         "versions 1.x of pylock.toml are (PEP 751)"));
        }
        GENEVACTL_CHECK(read_pylock(root, list));
    } else if (version != nullptr && version->kind == JsonValue::Kind::integer) {
        if (version->text != "1") {
            return base::fail(
                list.error(fmt::format("version {} is not known", version->text),
                           "version 1 of uv.lock is; `uv export --format pylock.toml` writes "
                           "another file that can be given"));
        }
        GENEVACTL_CHECK(read_uv_lock(root, list));
    } else if (metadata != nullptr && member(*metadata, "lock-version") != nullptr) {
        GENEVACTL_TRY(const auto project, project_beside(file));
        GENEVACTL_CHECK(read_poetry_lock(root, project, list));
    } else {
        return base::fail(list.error("not a lock file that can be read",
                                     "give a uv.lock, pylock.toml or poetry.lock; other tools "
                                     "export pylock.toml, or requirements for -r"));
    }
    return list.finish();
}

}  // namespace genevactl::manifest
