// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "genevactl/capture/fingerprint.hpp"
#include "genevactl/capture/tree.hpp"

namespace genevactl::capture {

/// One zip archive of the upload: a set of files that is named by its content.
struct Shard {
    std::string label;  ///< "numpy 2.1.0", "workspace 3"
    std::vector<File> files = {};
    std::vector<Fingerprint> fingerprints = {};  ///< in the order of `files`
    std::string digest = {};                     ///< shard_digest() of the above
    std::uint64_t bytes = 0;                     ///< of the files together

    std::string file_name() const { return digest + ".zip"; }
};

/// SHA-256 hex over the files sorted by path: the length of each path as eight bytes,
/// little-endian, the path, and the 32 bytes of its content's SHA-256. Nothing but paths and
/// content counts.
std::string shard_digest(const std::vector<File>& files,
                         const std::vector<Fingerprint>& fingerprints);

/// SHA-256 hex over the digests of a list's shards, sorted, and its path lines.
std::string list_digest(std::vector<std::string> digests,
                        const std::vector<std::string>& path_lines);

/// What becomes one folder on the workers' sys.path: a head, and shards that are extracted into the
/// same folder. The worker names the folder after the head's file name, so that is the digest of
/// the whole list.
struct ShardList {
    std::string title;  ///< "workspace", "site-packages", "editable NAME"
    std::string root;
    std::vector<Shard> shards;
    /// Folders below this one that are to be on sys.path, too: lines of a `.pth` file in the head.
    std::vector<std::string> path_lines = {};

    std::string digest() const;  ///< list_digest() of the above
    std::string head_file_name() const { return digest() + ".zip"; }
};

/// Cuts files (sorted by path) into shards whose borders depend on paths alone, so that an edit
/// touches one of them: a file of 4 MiB or more is a shard of its own; the others go, in order,
/// into shards that end behind a path whose digest says so (one in 64), or at 16 MiB.
std::vector<Shard> cut(const std::string& label, const std::vector<File>& files,
                       const std::vector<Fingerprint>& fingerprints);

/// Fills in the digest and the size.
Shard shard_of(std::string label, std::vector<File> files, std::vector<Fingerprint> fingerprints);

}  // namespace genevactl::capture
