// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "genevactl/base/clock.hpp"
#include "genevactl/base/error.hpp"

namespace genevactl::storage {

/// An object of a store.
struct Object {
    std::string key;
    std::uint64_t size = 0;                       ///< bytes
    std::optional<base::WallTime> modified = {};  ///< when it was written, where that is known
};

/// A place for whole objects: a folder, or a prefix of a bucket. All functions may be called from
/// several threads at once. Errors name the object.
class Store {
public:
    Store() = default;
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;
    virtual ~Store() = default;

    /// The URI of an object, as a worker is told it.
    virtual std::string uri_of(const std::string& key) const = 0;
    /// Its size in bytes, or nothing.
    virtual base::Result<std::optional<std::uint64_t>> size_of(const std::string& key) = 0;
    /// Puts a file there; afterwards the object is whole, or it is what it was before. The file may
    /// be gone then.
    virtual base::Status put(const std::string& key, const std::filesystem::path& file) = 0;
    /// Up to `length` bytes from `offset`.
    virtual base::Result<std::string> read(const std::string& key, std::uint64_t offset,
                                           std::uint64_t length) = 0;
    /// Every object, sorted by key.
    virtual base::Result<std::vector<Object>> list() = 0;
    virtual base::Status remove(const std::string& key) = 0;
    /// The folder in which a file that is to be put is best made, or nothing if that does not
    /// matter.
    virtual std::optional<std::filesystem::path> staging() const { return std::nullopt; }
    /// Do fewer bytes travel faster? False for a folder of this machine.
    virtual bool is_remote() const = 0;
};

/// A folder (made if it is not there) as a store; its objects' URIs begin with `prefix`.
std::unique_ptr<Store> folder_store(std::filesystem::path folder, std::string prefix);
/// The `file:` URI of an absolute path (RFC 8089), percent-encoded.
std::string file_uri(const std::filesystem::path& path);

/// The folder of a `file:` URI or a plain absolute path; nothing for any other scheme. Error usage
/// for a URI of another host or one that does not decode.
base::Result<std::optional<std::filesystem::path>> folder_of(const std::string& location);

}  // namespace genevactl::storage
