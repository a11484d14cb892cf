// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "genevactl/base/clock.hpp"
#include "genevactl/base/digest.hpp"
#include "genevactl/base/error.hpp"
#include "genevactl/capture/tree.hpp"

namespace genevactl::capture {

/// What the content of a file looks like.
enum class Looks : std::uint8_t {
    ordinary,
    private_key,  ///< a PEM private key
    token,        ///< a token of a well-known shape
    elf_x86_64,   ///< a native module, by its machine
    elf_aarch64,
    elf_other,
    mach_o,
    pe,
    plan,  ///< what `genevactl plan --out` writes
};

/// All that capture needs to know of a file's content.
struct Fingerprint {
    base::Digest sha256{};
    std::uint32_t crc32 = 0;  ///< of RFC 1952, as zip archives have it
    Looks looks = Looks::ordinary;
    bool searched = false;  ///< for secrets: else `looks` tells of native modules alone
};

/// How much is asked of a file.
enum class Reading : std::uint8_t {
    none,     ///< its fingerprint stays empty
    content,  ///< digests, and whether it is a native module
    secrets,  ///< and whether it holds a secret
};

/// Fingerprints of files that were read before, by their identity. Kept in one file, with a digest
/// of its own: a damaged file counts as none. A file that changed less than two seconds before it
/// was read is not remembered (git's racy-clean rule: its clock could not tell another change).
class FingerprintCache {
public:
    /// An empty cache if the file is not there or damaged.
    static FingerprintCache load(const std::filesystem::path& file);
    std::optional<Fingerprint> find(const FileIdentity& identity) const;
    /// Takes in what was read; `now` is the time before the reading began.
    void add(const FileIdentity& identity, const Fingerprint& fingerprint, base::WallTime now);
    /// Writes it back if anything was added.
    base::Status save(const std::filesystem::path& file);

private:
    struct Entry {
        FileIdentity identity;
        Fingerprint fingerprint;
    };
    std::vector<Entry> m_entries;  ///< sorted by identity
    std::vector<Entry> m_added;
};

/// Called from any of the threads, with bytes that were just done.
using OnBytes = std::function<void(std::uint64_t bytes)>;

/// The fingerprint of each file, in the same order; files of which the cache does not know enough
/// are read, by `threads` threads. `readings` has one value for each file, or none: then all are
/// searched for secrets. Errors, each with the path: failed for what cannot be read, and for a file
/// that changed while it was read; interrupted.
base::Result<std::vector<Fingerprint>> fingerprints(const std::vector<File>& files,
                                                    FingerprintCache& cache, unsigned threads,
                                                    base::WallTime now,
                                                    const base::Interrupt& interrupt,
                                                    const OnBytes& on_bytes,
                                                    const std::vector<Reading>& readings = {});

}  // namespace genevactl::capture
