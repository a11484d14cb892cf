// SPDX-License-Identifier: Apache-2.0
#include "genevactl/capture/shard.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "genevactl/base/digest.hpp"

namespace genevactl::capture {

namespace {

constexpr std::uint64_t k_large_file = std::uint64_t{4} << 20U;    // bytes
constexpr std::uint64_t k_large_shard = std::uint64_t{16} << 20U;  // bytes
constexpr unsigned k_one_in = 64;

std::string length_of(std::string_view text) {
    std::string bytes(sizeof(std::uint64_t), '\0');
    auto length = static_cast<std::uint64_t>(text.size());
    for (auto& byte : bytes) {
        byte = static_cast<char>(length & 0xffU);
        length >>= 8U;
    }
    return bytes;
}

bool ends_a_shard(const std::string& path) {
    base::Sha256 sha256;
    sha256.add(path);
    return sha256.finish().front() % k_one_in == 0;
}

}  // namespace

std::string shard_digest(const std::vector<File>& files,
                         const std::vector<Fingerprint>& fingerprints) {
    base::Sha256 sha256;
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto& content = fingerprints[i].sha256;
        sha256.add(length_of(files[i].path));
        sha256.add(files[i].path);
        sha256.add({reinterpret_cast<const char*>(content.data()), content.size()});
    }
    return base::hex(sha256.finish());
}

std::string list_digest(std::vector<std::string> digests,
                        const std::vector<std::string>& path_lines) {
    std::ranges::sort(digests);
    base::Sha256 sha256;
    for (const auto& one : digests) {
        sha256.add(one);
    }
    for (const auto& line : path_lines) {
        sha256.add(length_of(line));
        sha256.add(line);
    }
    return base::hex(sha256.finish());
}

std::string ShardList::digest() const {
    std::vector<std::string> digests;
    for (const auto& shard : shards) {
        digests.push_back(shard.digest);
    }
    return list_digest(std::move(digests), path_lines);
}

Shard shard_of(std::string label, std::vector<File> files, std::vector<Fingerprint> fingerprints) {
    Shard shard{.label = std::move(label),
                .files = std::move(files),
                .fingerprints = std::move(fingerprints)};
    shard.digest = shard_digest(shard.files, shard.fingerprints);
    for (const auto& file : shard.files) {
        shard.bytes += file.identity.size;
    }
    return shard;
}

std::vector<Shard> cut(const std::string& label, const std::vector<File>& files,
                       const std::vector<Fingerprint>& fingerprints) {
    std::vector<Shard> shards;
    std::vector<File> part;
    std::vector<Fingerprint> part_fingerprints;
    std::uint64_t bytes = 0;
    const auto end_part = [&] {
        if (!part.empty()) {
            shards.push_back(shard_of(fmt::format("{} {}", label, shards.size() + 1),
                                      std::exchange(part, {}),
                                      std::exchange(part_fingerprints, {})));
        }
        bytes = 0;
    };
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (files[i].identity.size >= k_large_file) {
            shards.push_back(shard_of(fmt::format("{} {}", label, files[i].path), {files[i]},
                                      {fingerprints[i]}));
            continue;
        }
        part.push_back(files[i]);
        part_fingerprints.push_back(fingerprints[i]);
        bytes += files[i].identity.size;
        if (bytes >= k_large_shard || ends_a_shard(files[i].path)) {
            end_part();
        }
    }
    end_part();
    return shards;
}

}  // namespace genevactl::capture
