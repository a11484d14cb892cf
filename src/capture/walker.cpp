// SPDX-License-Identifier: Apache-2.0
#include "walker.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cstring>
#include <memory>

#include <fmt/format.h>

#include "genevactl/base/descriptor.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "presets.hpp"

namespace genevactl::capture {

using base::ErrorKind;

namespace {

struct Item {
    std::string name;
    unsigned char type = DT_UNKNOWN;
};

/// In the order of whole paths, bytewise: what is below a folder comes where "folder/" would.
bool comes_before(const Item& one, const Item& other) {
    const auto end_of = [](const Item& item) { return item.type == DT_DIR ? '/' : '\0'; };
    const auto common = std::min(one.name.size(), other.name.size());
    if (const int order = std::memcmp(one.name.data(), other.name.data(), common); order != 0) {
        return order < 0;
    }
    const auto next = [&](const Item& item) {
        return static_cast<unsigned char>(item.name.size() > common ? item.name[common]
                                                                    : end_of(item));
    };
    return next(one) < next(other);
}

/// What lies in a folder, in order; an errno value where it cannot be read. Without readdir(),
/// which looks at the folder itself first.
tl::expected<std::vector<Item>, int> items_of(int descriptor) {
    alignas(struct dirent64) thread_local std::array<char, 65536> buffer;
    std::vector<Item> items;
    while (true) {
        const auto got = ::getdents64(descriptor, buffer.data(), buffer.size());
        if (got < 0) {
            return tl::unexpected(errno);
        }
        if (got == 0) {
            std::ranges::sort(items, comes_before);
            return items;
        }
        for (std::size_t at = 0; at < static_cast<std::size_t>(got);) {
            const auto* item = reinterpret_cast<const struct dirent64*>(buffer.data() + at);
            const std::string_view name = item->d_name;
            if (name != "." && name != "..") {
                items.push_back({std::string(name), item->d_type});
            }
            at += item->d_reclen;
        }
    }
}

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
    return top;
}

base::Result<Tree> Walker::walk() {
    GENEVACTL_TRY(const auto top, open_top());
    if (m_rules != nullptr) {
        GENEVACTL_CHECK(m_rules->begin());
    }
    GENEVACTL_CHECK(folder(top.get(), "", false));
    return std::move(m_tree);
}

base::Result<Tree> Walker::walk_top(std::vector<std::string>& folders) {
    m_folders_at_top = &folders;
    return walk();
}

base::Result<Tree> Walker::walk_folder(const std::string& name) {
    GENEVACTL_TRY(const auto top, open_top());
    m_open_folders.push_back({top.get()});
    GENEVACTL_CHECK(entry(top.get(), {.path = name, .name = name}));
    return std::move(m_tree);
}

bool Walker::is_excepted(const std::string& path) const {
    return !m_options.except.empty() &&
           std::ranges::find(m_options.except, absolute(path)) != m_options.except.end();
}

base::Status Walker::folder(int descriptor, const std::string& path, bool only_included) {
    const auto items = items_of(descriptor);
    if (!items) {
        return base::file_error("read", absolute(path), items.error());
    }
    m_open_folders.push_back({descriptor});
    if (m_rules != nullptr) {
        GENEVACTL_CHECK(m_rules->enter(path));
    }
    for (const auto& item : *items) {
        GENEVACTL_CHECK(
            entry(descriptor, {.path = path.empty() ? item.name : path + "/" + item.name,
                               .name = item.name,
                               .type = item.type,
                               .only_included = only_included}));
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
    if (entry.type == DT_DIR) {
        return sub_folder(parent, entry, false);
    }
    struct stat status {};
    if (::fstatat(parent, entry.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
        return base::file_error("read", absolute(entry.path), errno);
    }
    const bool is_link = S_ISLNK(status.st_mode);
    if (is_link) {
        auto why_not = link_target(parent, entry, status);
        if (why_not) {
            leave_out(entry, false, std::move(*why_not));
            return {};
        }
    }
    if (S_ISDIR(status.st_mode)) {
        return sub_folder(parent, entry, is_link);
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

base::Status Walker::sub_folder(int parent, const Entry& entry, bool by_link) {
    if (m_folders_at_top != nullptr) {
        m_folders_at_top->push_back(entry.name);
        return {};
    }
    if (m_rules == nullptr && entry.name == "__pycache__") {
        leave_out(entry, true, {ExclusionKind::preset, "preset: caches"});
        return {};
    }
    m_links += by_link ? 1 : 0;
    auto entered = enter(parent, entry, by_link);
    m_links -= by_link ? 1 : 0;
    return entered;
}

base::Status Walker::enter(int parent, const Entry& entry, bool by_link) {
    const int follow = by_link ? 0 : O_NOFOLLOW;
    const base::Descriptor opened(
        ::openat(parent, entry.name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | follow));
    const int failure = errno;
    if (opened.open() && m_links > 0) {
        GENEVACTL_TRY(const bool loop, is_open(opened.get(), entry.path));
        if (loop) {
            leave_out(entry, true, {ExclusionKind::link, "the link leads to a folder above it"});
            return {};
        }
    }
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
        errno = failure;
        return unreadable(entry);
    }
    return folder(opened.get(), entry.path, only_included);
}

/// Is it one of the folders that are being walked? Only a link can lead to one.
base::Result<bool> Walker::is_open(int descriptor, const std::string& path) {
    const auto id_of = [&](int open) -> base::Result<Id> {
        struct stat status {};
        if (::fstat(open, &status) != 0) {
            return base::file_error("read", absolute(path), errno);
        }
        return Id{status.st_dev, status.st_ino};
    };
    GENEVACTL_TRY(const auto id, id_of(descriptor));
    for (auto& above : m_open_folders) {
        if (!above.id) {
            GENEVACTL_TRY(above.id, id_of(above.descriptor));
        }
        if (above.id == id) {
            return true;
        }
    }
    return false;
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
    if (has("_versions") || has("__manifest")) {  // of a table, of a database
        return Reason{ExclusionKind::preset, "preset: Lance data"};
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
