// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "genevactl/base/clock.hpp"
#include "genevactl/base/error.hpp"
#include "genevactl/capture/fingerprint.hpp"

namespace genevactl::capture {

/// Up to `length` bytes from `offset` of an archive, wherever it lies; fewer only at its end.
using ReadAt = std::function<base::Result<std::string>(std::uint64_t offset, std::uint64_t length)>;

/// A value, or what is wrong with the archive, as half a sentence.
template <typename T>
using Sound = tl::expected<T, std::string>;

/// Does an object of `size` bytes end with a zip archive's directory, and does that lie where its
/// end says (APPNOTE 4.3.16, Zip64 too)? An archive that was cut off does not. Reads less than two
/// hundred bytes, unless the archive has a comment. Errors: those of `read`.
base::Result<Sound<void>> check_end(std::uint64_t size, const ReadAt& read);

/// What a head says of its list.
struct Head {
    std::vector<std::string> shards;      ///< file names
    std::vector<std::string> path_lines;  ///< of its `.pth` file
};

/// What is in an archive.
struct ArchiveContent {
    std::size_t files = 0;
    std::uint64_t bytes = 0;        ///< decoded
    std::string digest;             ///< shard_digest() of its files
    std::optional<Head> head = {};  ///< if it has k_head_entry
};

/// Decodes every entry, with libarchive, which compares each with its checksum. Memory stays small,
/// whatever the archive. Errors: those of `read`; interrupted; failed if there is no libarchive.
base::Result<Sound<ArchiveContent>> read_archive(std::uint64_t size, const ReadAt& read,
                                                 const base::Interrupt& interrupt,
                                                 const OnBytes& on_bytes);

/// Is `content` what its file name ("DIGEST.zip") and, for a head, the other names of its list say?
Sound<void> check_content(const ArchiveContent& content, std::string_view file_name,
                          const std::vector<std::string>& rest_of_list);

}  // namespace genevactl::capture
