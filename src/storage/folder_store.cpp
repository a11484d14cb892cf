// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>

#include "genevactl/base/descriptor.hpp"
#include "genevactl/base/digest.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/storage/store.hpp"
#include "genevactl/transport/transport.hpp"

namespace genevactl::storage {

namespace fs = std::filesystem;
using base::ErrorKind;

namespace {

constexpr std::string_view k_scheme = "file://";

class FolderStore final : public Store {
public:
    FolderStore(fs::path folder, std::string prefix)
        : m_folder(std::move(folder)), m_prefix(std::move(prefix)) {}

    std::string uri_of(const std::string& key) const override { return m_prefix + "/" + key; }

    base::Result<std::optional<std::uint64_t>> size_of(const std::string& key) override {
        struct stat status {};
        if (::stat((m_folder / key).c_str(), &status) == 0) {
            return static_cast<std::uint64_t>(status.st_size);
        }
        if (errno == ENOENT || errno == ENOTDIR) {
            return std::nullopt;
        }
        return base::file_error("look at", m_folder / key, errno);
    }

    base::Status put(const std::string& key, const fs::path& file) override {
        GENEVACTL_CHECK(make_folder());
        const auto target = m_folder / key;
        // Before it gets its name, which says what is in it.
        GENEVACTL_CHECK(flush(file));
        if (::rename(file.c_str(), target.c_str()) == 0) {
            return {};
        }
        if (errno != EXDEV) {
            return base::file_error("write", target, errno);
        }
        const auto temporary = m_folder / fmt::format(".{}.{}.part", key, base::random_hex(4));
        auto done = copy(file, temporary);
        if (done && ::rename(temporary.c_str(), target.c_str()) != 0) {
            done = base::file_error("write", target, errno);
        }
        if (!done) {
            ::unlink(temporary.c_str());
        }
        return done;
    }

    base::Result<std::string> read(const std::string& key, std::uint64_t offset,
                                   std::uint64_t length) override {
        const auto path = m_folder / key;
        const base::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
        std::string bytes(length, '\0');
        const auto got = file.open() ? ::pread(file.get(), bytes.data(), bytes.size(),
                                               static_cast<off_t>(offset))
                                     : -1;
        if (got < 0) {
            return base::file_error("read", path, errno);
        }
        bytes.resize(static_cast<std::size_t>(got));
        return bytes;
    }

    base::Result<std::vector<Object>> list() override {
        std::vector<Object> objects;
        std::error_code error;
        for (fs::directory_iterator entry(m_folder, error), end; !error && entry != end;
             entry.increment(error)) {
            const auto name = entry->path().filename().string();
            struct stat status {};
            if (!base::starts_with(name, ".") && ::stat(entry->path().c_str(), &status) == 0 &&
                S_ISREG(status.st_mode)) {
                const base::WallTime modified(std::chrono::duration_cast<base::Microseconds>(
                    std::chrono::seconds(status.st_mtim.tv_sec) +
                    std::chrono::nanoseconds(status.st_mtim.tv_nsec)));
                objects.push_back({.key = name,
                                   .size = static_cast<std::uint64_t>(status.st_size),
                                   .modified = modified});
            }
        }
        if (error && error != std::errc::no_such_file_or_directory) {
            return base::file_error("read", m_folder, error.value());
        }
        std::ranges::sort(objects, {}, &Object::key);
        return objects;
    }

    base::Status remove(const std::string& key) override {
        const auto path = m_folder / key;
        return ::unlink(path.c_str()) == 0 || errno == ENOENT
                   ? base::Status()
                   : base::file_error("remove", path, errno);
    }

    std::optional<fs::path> staging() const override {
        return make_folder() ? std::optional(m_folder) : std::nullopt;
    }
    bool is_remote() const override { return false; }

private:
    base::Status make_folder() const {
        std::error_code error;
        fs::create_directories(m_folder, error);
        return error ? base::file_error("make", m_folder, error.value()) : base::Status();
    }

    static base::Status copy(const fs::path& from, const fs::path& to) {
        std::error_code error;
        fs::copy_file(from, to, error);
        if (error) {
            return base::file_error("write", to, error.value());
        }
        return flush(to);
    }

    /// To the disk.
    static base::Status flush(const fs::path& path) {
        const base::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
        if (!file.open() || ::fsync(file.get()) != 0) {
            return base::file_error("write", path, errno);
        }
        return {};
    }

    fs::path m_folder;
    std::string m_prefix;
};

}  // namespace

std::unique_ptr<Store> folder_store(fs::path folder, std::string prefix) {
    return std::make_unique<FolderStore>(std::move(folder), std::move(prefix));
}

std::string file_uri(const fs::path& path) {
    auto parts = base::split(path.string(), '/');
    for (auto& part : parts) {
        part = transport::percent_encode(part);
    }
    return std::string(k_scheme) + base::join(parts, "/");
}

base::Result<std::optional<fs::path>> folder_of(const std::string& location) {
    if (base::starts_with(location, "/")) {
        return fs::path(location);
    }
    if (!base::starts_with(location, k_scheme)) {
        return std::nullopt;
    }
    const auto rest = std::string_view(location).substr(k_scheme.size());
    const auto slash = rest.find('/');
    const auto host = rest.substr(0, slash);
    const auto path = slash == std::string_view::npos
                          ? std::nullopt
                          : transport::percent_decode(rest.substr(slash));
    if (!path || (!host.empty() && host != "localhost")) {
        return base::fail(ErrorKind::usage, fmt::format("{}: no folder of this machine", location));
    }
    return fs::path(*path);
}

}  // namespace genevactl::storage
