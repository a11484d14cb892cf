// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>

#include "genevactl/base/clock.hpp"
#include "genevactl/base/error.hpp"
#include "genevactl/capture/fingerprint.hpp"
#include "genevactl/capture/shard.hpp"

namespace genevactl::capture {

/// The deflate level of an archive, 1..9, or 0: stored.
using Level = int;
inline constexpr Level k_stored = 0;

struct Packing {
    Level level = k_stored;
    unsigned threads = 1;  ///< they share a large file
    /// The archive stays on this disk: what is written goes there while the rest is packed, so that
    /// flushing the whole to it takes no time of its own.
    bool stays = false;
};

/// Writes a shard as a zip archive (PKWARE's APPNOTE 6.3.10; Zip64 where a size needs it): entries
/// in the order of the files, dated 1980-01-01, mode 0644, deflated unless that does not shrink
/// them. The archive is new, and whole when this answers its size in bytes. Errors: failed, each
/// with the path, also for a file that is not what its fingerprint says any more; nothing is left
/// behind then.
base::Result<std::uint64_t> pack(const Shard& shard, const std::filesystem::path& archive,
                                 const Packing& packing, const base::Interrupt& interrupt,
                                 const OnBytes& on_bytes);

/// The entries of a head: the file names of the list's shards, a line each, and the path lines.
inline constexpr std::string_view k_head_entry = ".genevactl-capture";
inline constexpr std::string_view k_path_entry = "genevactl-paths.pth";

/// Writes the head of a list.
base::Result<std::uint64_t> pack_head(const ShardList& list, const std::filesystem::path& archive);

}  // namespace genevactl::capture
