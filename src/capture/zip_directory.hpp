// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "genevactl/capture/verify.hpp"

namespace genevactl::capture {

/// Reads parts of an archive; the first error of reading stays here, apart from what is wrong with
/// the archive.
class ArchiveBytes {
public:
    ArchiveBytes(std::uint64_t size, const ReadAt& read) : m_size(size), m_read(read) {}
    std::uint64_t size() const { return m_size; }
    /// All of these bytes, or nothing: see error().
    std::optional<std::string> exactly(std::uint64_t offset, std::uint64_t length);
    /// Up to `length` bytes.
    std::optional<std::string> some(std::uint64_t offset, std::uint64_t length);
    const std::optional<base::Error>& error() const { return m_error; }

private:
    std::uint64_t m_size;
    const ReadAt& m_read;
    std::optional<base::Error> m_error;
};

/// Where an archive's directory lies.
struct ZipEnd {
    std::uint64_t entries = 0;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;  ///< bytes
};
Sound<ZipEnd> find_end(ArchiveBytes& bytes);

/// An entry of the directory.
struct ZipName {
    std::uint64_t offset = 0;  ///< of the entry
    std::string name;          ///< as it is written there
};
/// The names, in the order in which the entries lie.
Sound<std::vector<ZipName>> read_names(ArchiveBytes& bytes, const ZipEnd& end);

}  // namespace genevactl::capture
