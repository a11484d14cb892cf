// SPDX-License-Identifier: Apache-2.0
#include "walker.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <memory>

#include <fmt/format.h>

#include "genevactl/base/descriptor.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "presets.hpp"

namespace genevactl::capture {

using base::ErrorKind;

namespace {

struct Directory {
    explicit Directory(int descriptor) : stream(::fdopendir(descriptor)) {}
    Directory(const Directory&) = delete;
    Directory& operator=(const Directory&) = delete;
    ~Directory() {
        if (stream != nullptr) {
            ::closedir(stream);
        }
    }
    int descriptor() const { return ::dirfd(stream); }
    DIR* stream;
};

FileIdentity identity_of(const struct stat& status) {
    constexpr std::int64_t k_billion = 1'000'000'000;
    return {.device = status.st_dev,
            .inode = status.st_ino,
            .size = static_cast<std::uint64_t>(status.st_size),
            .modified_ns = status.st_mtim.tv_sec * k_billion + status.st_mtim.tv_nsec,
            .changed_ns = status.st_ctim.tv_sec * k_billion + status.st_ctim.tv_nsec};
}

bool is_below(std::string_view path, std::string_view folder) {
    return path.size() > folder.size() && base::starts_with(path, folder) &&
           path[folder.size()] == '/';
}

}  // namespace

std::string real_path(const std::string& path) {
    const std::unique_ptr<char, decltype(&::free)> resolved(::realpath(path.c_str(), nullptr),
                                                            &::free);
    return resolved ? std::string(resolved.get()) : std::string();
}

Walker::Walker(std::string root, const ScanOptions& options, Rules* rules)
    : m_options(options), m_rules(rules) {
    m_tree.root = std::move(root);
}

base::Result<base::Descriptor> Walker::open_top() {
    base::Descriptor top(
        ::open(m_tree.root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK));
    if (!top.open()) {
        if (errno == ENOENT || errno == ENOTDIR) {
            return base::fail(ErrorKind::not_found, fmt::format("{} is not a folder", m_tree.root));
        }
        return base::file_error("read", m_tree.root, errno);
    }
    if (::fstat(top.get(), &m_top) != 0) {
        return base::file_error("read", m_tree.root, errno);
    }
    return top;
}

base::Result<Tree> Walker::walk() {
    GENEVACTL_TRY(auto top, open_top());
    if (m_rules != nullptr) {
        GENEVACTL_CHECK(m_rules->begin());
    }
    GENEVACTL_CHECK(folder(::dup(top.get()), "", m_top, false));
    return std::move(m_tree);
}

base::Result<Tree> Walker::walk_top(std::vector<std::string>& folders) {
    m_folders_at_top = &folders;
    return walk();
}

base::Result<Tree> Walker::walk_folder(const std::string& name) {
    GENEVACTL_TRY(auto top, open_top());
    m_open_folders.emplace_back(m_top.st_dev, m_top.st_ino);
    GENEVACTL_CHECK(entry(top.get(), {.path = name, .name = name}));
    return std::move(m_tree);
}

bool Walker::is_excepted(const std::string& path) const {
    return !m_options.except.empty() &&
           std::ranges::find(m_options.except, absolute(path)) != m_options.except.end();
}

base::Status Walker::folder(int descriptor, const std::string& path, const struct stat& status,
                            bool only_included) {
    const Directory directory(descriptor);
    if (directory.stream == nullptr) {
        return base::file_error("read", absolute(path), errno);
    }
    m_open_folders.emplace_back(status.st_dev, status.st_ino);
    if (m_rules != nullptr) {
        GENEVACTL_CHECK(m_rules->enter(path));
    }
    errno = 0;
    while (const auto* item = ::readdir(directory.stream)) {
        const std::string name = item->d_name;
        if (name != "." && name != "..") {
            GENEVACTL_CHECK(
                entry(directory.descriptor(), {.path = path.empty() ? name : path + "/" + name,
                                               .name = name,
                                               .only_included = only_included}));
        }
        errno = 0;
    }
    if (errno != 0) {
        return base::file_error("read", absolute(path), errno);
    }
    if (m_rules != nullptr) {
        m_rules->leave();
    }
    m_open_folders.pop_back();
    return {};
}

base::Status Walker::entry(int parent, const Entry& entry) {
    if (is_excepted(entry.path)) {
        return {};
    }
    struct stat status {};
    if (::fstatat(parent, entry.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
        return base::file_error("read", absolute(entry.path), errno);
    }
    if (S_ISLNK(status.st_mode)) {
        auto why_not = link_target(parent, entry, status);
        if (why_not) {
            leave_out(entry, false, std::move(*why_not));
            return {};
        }
    }
    if (S_ISDIR(status.st_mode) && m_folders_at_top != nullptr) {
        m_folders_at_top->push_back(entry.name);
        return {};
    }
    if (S_ISDIR(status.st_mode)) {
        return sub_folder(parent, entry, status);
    }
    if (!S_ISREG(status.st_mode)) {
        leave_out(entry, false, {ExclusionKind::special, "no file: socket, pipe or device"});
        return {};
    }
    return file(entry, status);
}

/// Follows a link: `status` becomes its target's, or the answer says why it is left out.
std::optional<Reason> Walker::link_target(int parent, const Entry& entry,
                                          struct stat& status) const {
    if (::fstatat(parent, entry.name.c_str(), &status, 0) != 0) {
        return Reason{ExclusionKind::link, "the link's target is not there, or it is a loop"};
    }
    const auto target = real_path(absolute(entry.path));
    if (!m_options.follow_links && target != m_tree.root && !is_below(target, m_tree.root)) {
        return Reason{ExclusionKind::link, fmt::format("the link leaves the tree: {}", target)};
    }
    return std::nullopt;
}

base::Status Walker::sub_folder(int parent, const Entry& entry, const struct stat& status) {
    if (std::ranges::find(m_open_folders, std::pair(status.st_dev, status.st_ino)) !=
        m_open_folders.end()) {
        leave_out(entry, true, {ExclusionKind::link, "the link leads to a folder above it"});
        return {};
    }
    if (m_rules == nullptr && entry.name == "__pycache__") {
        leave_out(entry, true, {ExclusionKind::preset, "preset: caches"});
        return {};
    }
    base::Descriptor opened(
        ::openat(parent, entry.name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    auto only_included = entry.only_included;
    if (auto reason = reason_against_folder(entry, opened.get())) {
        only_included = m_rules != nullptr && m_rules->may_include_below(entry.path, reason->kind);
        if (!entry.only_included) {
            leave_out(entry, true, std::move(*reason));
        }
        if (!only_included) {
            return {};
        }
    }
    if (!opened.open()) {
        return unreadable(entry);
    }
    return folder(::dup(opened.get()), entry.path, status, only_included);
}

std::optional<Reason> Walker::reason_against_folder(const Entry& entry, int descriptor) const {
    if (m_rules == nullptr || m_rules->is_included(entry.path, true)) {
        return std::nullopt;
    }
    if (auto reason = m_rules->reason_against(entry.path, true)) {
        return reason;
    }
    const auto has = [&](const char* name) {
        return descriptor >= 0 && ::faccessat(descriptor, name, F_OK, 0) == 0;
    };
    if (has("pyvenv.cfg") || has("conda-meta")) {
        return Reason{ExclusionKind::preset, "preset: virtual environments"};
    }
    return std::nullopt;
}

base::Status Walker::file(const Entry& entry, const struct stat& status) {
    if (auto reason = reason_against_file(entry)) {
        if (!entry.only_included) {
            leave_out(entry, false, std::move(*reason));
        }
        return {};
    }
    if (!base::is_utf8(entry.path)) {
        return base::fail(ErrorKind::failed,
                          fmt::format("{}: the name is not UTF-8", absolute(entry.path)),
                          "rename it, or leave it out with --exclude");
    }
    m_tree.files.push_back({entry.path, absolute(entry.path), identity_of(status)});
    return {};
}

std::optional<Reason> Walker::reason_against_file(const Entry& entry) const {
    if (m_rules == nullptr) {
        return entry.name.ends_with(".pyc")
                   ? std::optional(Reason{ExclusionKind::preset, "preset: caches"})
                   : std::nullopt;
    }
    const bool included = m_rules->is_included(entry.path, false);
    if (entry.only_included && !included) {
        return Reason{ExclusionKind::pattern, ""};
    }
    if (!included) {
        if (auto reason = m_rules->reason_against(entry.path, false)) {
            return reason;
        }
    }
    const auto secret = secret_by_name(entry.path);
    if (secret &&
        std::ranges::find(m_options.allow_secrets, entry.path) == m_options.allow_secrets.end()) {
        return Reason{ExclusionKind::secret, fmt::format("secret: {}", *secret)};
    }
    return std::nullopt;
}

base::Status Walker::unreadable(const Entry& entry) const {
    auto error = base::file_error("read", absolute(entry.path), errno).value();
    error.hint = "make it readable, or leave it out with --exclude";
    return base::fail(std::move(error));
}

void Walker::leave_out(const Entry& entry, bool is_directory, Reason reason) {
    m_tree.exclusions.push_back({entry.path, is_directory, reason.kind, std::move(reason.rule)});
}

std::string Walker::absolute(const std::string& path) const {
    return path.empty() ? m_tree.root : m_tree.root + "/" + path;
}

}  // namespace genevactl::capture
