// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <type_traits>

#include "genevactl/base/files.hpp"
#include "genevactl/capture/fingerprint.hpp"

namespace genevactl::capture {

namespace {

// The file: this line, records in the machine's own byte order, SHA-256 of all before it. It is
// read by the machine that wrote it alone.
constexpr std::string_view k_magic = "genevactl fingerprints 2\n";
constexpr std::size_t k_limit = std::size_t{256} << 20U;  // bytes
constexpr std::size_t k_most_entries = std::size_t{1} << 20U;
constexpr base::Microseconds k_racy = std::chrono::seconds(2);

std::string digest_of(std::string_view bytes) {
    base::Sha256 sha256;
    sha256.add(bytes);
    const auto digest = sha256.finish();
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace

FingerprintCache FingerprintCache::load(const std::filesystem::path& file) {
    static_assert(std::is_trivially_copyable_v<Entry>);
    FingerprintCache cache;
    const auto read = base::read_file(file, k_limit);
    if (!read) {
        return cache;
    }
    constexpr std::size_t k_digest = std::tuple_size_v<base::Digest>;
    std::string_view bytes = *read;
    if (bytes.size() < k_magic.size() + k_digest || bytes.substr(0, k_magic.size()) != k_magic) {
        return cache;
    }
    const auto content = bytes.substr(0, bytes.size() - k_digest);
    const auto records = content.substr(k_magic.size());
    if (bytes.substr(content.size()) != digest_of(content) || records.size() % sizeof(Entry) != 0) {
        return cache;
    }
    cache.m_entries.resize(records.size() / sizeof(Entry));
    for (std::size_t i = 0; i < cache.m_entries.size(); ++i) {
        std::memcpy(&cache.m_entries[i], records.data() + i * sizeof(Entry), sizeof(Entry));
    }
    return cache;
}

std::optional<Fingerprint> FingerprintCache::find(const FileIdentity& identity) const {
    const auto found = std::ranges::lower_bound(m_entries, identity, {}, &Entry::identity);
    return found != m_entries.end() && found->identity == identity
               ? std::optional(found->fingerprint)
               : std::nullopt;
}

void FingerprintCache::add(const FileIdentity& identity, const Fingerprint& fingerprint,
                           base::WallTime now) {
    const auto last_change =
        base::Microseconds(std::max(identity.modified_ns, identity.changed_ns) / 1000);
    if (last_change + k_racy < now.time_since_epoch()) {
        m_added.push_back({identity, fingerprint});
    }
}

base::Status FingerprintCache::save(const std::filesystem::path& file) {
    if (m_added.empty()) {
        return {};
    }
    // One entry a file: another identity of the same inode is what it was before.
    const auto inode = [](const Entry& entry) {
        return std::pair(entry.identity.device, entry.identity.inode);
    };
    std::ranges::sort(m_added, {}, inode);
    if (m_entries.size() + m_added.size() > k_most_entries) {
        m_entries.clear();
    }
    std::erase_if(m_entries, [&](const Entry& entry) {
        return std::ranges::binary_search(m_added, inode(entry), {}, inode);
    });
    m_entries.insert(m_entries.end(), m_added.begin(), m_added.end());
    m_added.clear();
    std::ranges::sort(m_entries, {}, &Entry::identity);
    m_entries.erase(std::ranges::unique(m_entries, {}, inode).begin(), m_entries.end());
    std::string bytes(k_magic);
    bytes.resize(k_magic.size() + m_entries.size() * sizeof(Entry));
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        std::memcpy(bytes.data() + k_magic.size() + i * sizeof(Entry), &m_entries[i],
                    sizeof(Entry));
    }
    bytes += digest_of(bytes);
    std::error_code ignored;
    std::filesystem::create_directories(file.parent_path(), ignored);
    return base::write_atomic(file, bytes, 0600);
}

}  // namespace genevactl::capture
