// SPDX-License-Identifier: Apache-2.0
#include "genevactl/capture/fingerprint.hpp"

#include <mutex>
#include <vector>

#include "content.hpp"
#include "deflate.hpp"
#include "genevactl/base/parallel.hpp"
#include "genevactl/base/try.hpp"
#include "input_file.hpp"

namespace genevactl::capture {

namespace {

base::Result<Fingerprint> read_fingerprint(const File& file, Reading reading,
                                           std::span<char> buffer) {
    GENEVACTL_TRY(auto input, InputFile::open(file));
    Fingerprint fingerprint;
    fingerprint.searched = reading == Reading::secrets;
    base::Sha256 sha256;
    std::uint64_t size = 0;
    while (true) {
        GENEVACTL_TRY(const auto piece, input.read_at(size, buffer));
        if (size == 0) {
            fingerprint.looks = looks_of(piece, reading);
        }
        sha256.add(piece);
        fingerprint.crc32 = crc32_of(fingerprint.crc32, piece);
        size += piece.size();
        if (piece.size() < buffer.size()) {
            break;
        }
    }
    if (size != file.identity.size) {
        return changed_meanwhile(file);
    }
    fingerprint.sha256 = sha256.finish();
    return fingerprint;
}

}  // namespace

base::Result<std::vector<Fingerprint>> fingerprints(const std::vector<File>& files,
                                                    FingerprintCache& cache, unsigned threads,
                                                    base::WallTime now,
                                                    const base::Interrupt& interrupt,
                                                    const OnBytes& on_bytes,
                                                    const std::vector<Reading>& readings) {
    const auto reading_of = [&](std::size_t i) {
        return readings.empty() ? Reading::secrets : readings[i];
    };
    std::vector<Fingerprint> found(files.size());
    std::vector<std::size_t> unknown;
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto reading = reading_of(i);
        if (reading == Reading::none) {
            continue;
        }
        const auto known = cache.find(files[i].identity);
        if (known && (known->searched || reading == Reading::content)) {
            found[i] = *known;
        } else {
            unknown.push_back(i);
        }
    }
    GENEVACTL_CHECK(base::for_each_in_parallel(
        unknown.size(), threads, interrupt, [&](std::size_t at) -> base::Status {
            thread_local std::vector<char> buffer(k_piece);
            const auto index = unknown[at];
            GENEVACTL_TRY(found[index], read_fingerprint(files[index], reading_of(index), buffer));
            on_bytes(files[index].identity.size);
            return {};
        }));
    for (const auto index : unknown) {
        cache.add(files[index].identity, found[index], now);
    }
    return found;
}

}  // namespace genevactl::capture
