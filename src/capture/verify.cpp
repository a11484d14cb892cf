// SPDX-License-Identifier: Apache-2.0
#include "genevactl/capture/verify.hpp"

#include <algorithm>
#include <memory>
#include <numeric>

#include "archive_library.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/capture/pack.hpp"
#include "genevactl/capture/shard.hpp"
#include "zip_directory.hpp"

namespace genevactl::capture {

using base::ErrorKind;

namespace {

constexpr std::uint64_t k_read_at_once = std::uint64_t{1} << 20U;  // bytes
constexpr std::size_t k_decode_at_once = std::size_t{256} << 10U;  // bytes
constexpr std::size_t k_longest_text = std::size_t{16} << 20U;     // bytes of a head's entry

/// What libarchive's callbacks read from.
struct Source {
    ArchiveBytes& bytes;
    std::uint64_t at = 0;
    std::string piece = {};
};

la_ssize_t read_piece(struct archive*, void* data, const void** out) {
    auto& source = *static_cast<Source*>(data);
    if (source.at >= source.bytes.size()) {
        return 0;
    }
    const auto length = std::min(k_read_at_once, source.bytes.size() - source.at);
    auto piece = source.bytes.some(source.at, length);
    if (!piece) {
        return -1;
    }
    source.piece = std::move(*piece);
    source.at += source.piece.size();
    *out = source.piece.data();
    return static_cast<la_ssize_t>(source.piece.size());
}

la_int64_t seek_to(struct archive*, void* data, la_int64_t offset, int whence) {
    auto& source = *static_cast<Source*>(data);
    const auto size = static_cast<la_int64_t>(source.bytes.size());
    const auto from = whence == SEEK_SET   ? 0
                      : whence == SEEK_CUR ? static_cast<la_int64_t>(source.at)
                                           : size;
    const auto wanted = std::clamp<la_int64_t>(from + offset, 0, size);
    source.at = static_cast<std::uint64_t>(wanted);
    return wanted;
}

/// Decodes an archive entry by entry. The names come from its directory as they are written there:
/// libarchive's are converted and normalized.
class Decoder {
public:
    Decoder(const ArchiveLibrary& library, ArchiveBytes& bytes)
        : m_library(library),
          m_source{.bytes = bytes},
          m_reader(library.read_new(), library.read_free) {
        m_library.support_zip(m_reader.get());
        m_library.set_read(m_reader.get(), read_piece);
        m_library.set_seek(m_reader.get(), seek_to);
        m_library.set_data(m_reader.get(), &m_source);
    }

    bool open() { return m_library.open(m_reader.get()) == ARCHIVE_OK; }
    /// False at the end, and when it cannot be read.
    bool next() {
        archive_entry* entry = nullptr;
        const auto status = m_library.next_header(m_reader.get(), &entry);
        m_at_end = status == ARCHIVE_EOF;
        return status == ARCHIVE_OK || status == ARCHIVE_WARN;
    }
    bool at_end() const { return m_at_end; }
    /// Decoded bytes of this entry, none at its end.
    std::optional<std::string_view> read() {
        const auto got = m_library.read_data(m_reader.get(), m_buffer.data(), m_buffer.size());
        return got < 0 ? std::nullopt
                       : std::optional<std::string_view>(
                             {m_buffer.data(), static_cast<std::size_t>(got)});
    }
    std::string why() const {
        const auto* said = m_library.error_string(m_reader.get());
        return said != nullptr ? base::printable(said) : "it cannot be decoded";
    }

private:
    const ArchiveLibrary& m_library;
    Source m_source;
    std::unique_ptr<struct archive, decltype(&::archive_read_free)> m_reader;
    std::vector<char> m_buffer = std::vector<char>(k_decode_at_once);
    bool m_at_end = false;
};

std::vector<std::string> lines_of(const std::string& text) {
    auto lines = base::split(text, '\n');
    std::erase(lines, "");
    return lines;
}

/// Takes the entries in and digests them.
class Collector {
public:
    explicit Collector(std::size_t count) : m_files(count), m_fingerprints(count) {}

    void begin(std::size_t index, const std::string& name) {
        m_index = index;
        m_files[index].path = name;
        m_text = name == k_head_entry   ? &m_shards.emplace()
                 : name == k_path_entry ? &m_paths.emplace()
                                        : nullptr;
    }
    /// False for an entry that no head has.
    bool add(std::string_view piece) {
        m_sha256.add(piece);
        m_content.bytes += piece.size();
        if (m_text != nullptr) {
            m_text->append(piece);
        }
        return m_text == nullptr || m_text->size() <= k_longest_text;
    }
    void end() { m_fingerprints[m_index].sha256 = m_sha256.finish(); }

    ArchiveContent finish() {
        std::vector<std::size_t> order(m_files.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::ranges::sort(order, {}, [&](std::size_t i) { return m_files[i].path; });
        std::vector<File> files;
        std::vector<Fingerprint> fingerprints;
        for (const auto i : order) {
            files.push_back(std::move(m_files[i]));
            fingerprints.push_back(m_fingerprints[i]);
        }
        m_content.files = files.size();
        m_content.digest = shard_digest(files, fingerprints);
        if (m_shards) {
            m_content.head = Head{lines_of(*m_shards), lines_of(m_paths.value_or(""))};
        }
        return std::move(m_content);
    }

private:
    std::vector<File> m_files;
    std::vector<Fingerprint> m_fingerprints;
    ArchiveContent m_content;
    base::Sha256 m_sha256;
    std::size_t m_index = 0;
    std::optional<std::string> m_shards;
    std::optional<std::string> m_paths;
    std::string* m_text = nullptr;
};

tl::unexpected<std::string> broken(std::string why) {
    return tl::unexpected<std::string>(std::move(why));
}

/// "DIGEST.zip" -> "DIGEST".
std::string_view stem_of(std::string_view file_name) {
    return file_name.substr(0, file_name.find('.'));
}

}  // namespace

base::Result<Sound<void>> check_end(std::uint64_t size, const ReadAt& read) {
    ArchiveBytes bytes(size, read);
    const auto end = find_end(bytes);
    if (bytes.error()) {
        return base::fail(*bytes.error());
    }
    return end ? Sound<void>() : Sound<void>(broken(end.error()));
}

base::Result<Sound<ArchiveContent>> read_archive(std::uint64_t size, const ReadAt& read,
                                                 const base::Interrupt& interrupt,
                                                 const OnBytes& on_bytes) {
    const auto* library = archive_library();
    if (library == nullptr) {
        return base::fail(ErrorKind::failed, "libarchive is not installed: nothing reads archives",
                          "install it (Debian: libarchive13), or leave --deep out");
    }
    ArchiveBytes bytes(size, read);
    const auto flawed = [&](std::string why) -> base::Result<Sound<ArchiveContent>> {
        if (bytes.error()) {
            return base::fail(*bytes.error());
        }
        return Sound<ArchiveContent>(broken(std::move(why)));
    };
    const auto end = find_end(bytes);
    const auto names = end ? read_names(bytes, *end) : broken(end.error());
    if (!names) {
        return flawed(names.error());
    }
    Decoder decoder(*library, bytes);
    if (!names->empty() && !decoder.open()) {
        return flawed(decoder.why());
    }
    Collector collector(names->size());
    for (std::size_t i = 0; i < names->size(); ++i) {
        const auto& name = (*names)[i].name;
        if (!decoder.next()) {
            return flawed(decoder.at_end() ? "its directory names more than it has"
                                           : decoder.why());
        }
        collector.begin(i, name);
        while (true) {
            if (const auto signal = interrupt.signal(); signal != 0) {
                return base::fail(base::interruption(signal));
            }
            const auto piece = decoder.read();
            if (!piece || !collector.add(*piece)) {
                return flawed(piece ? "a head that long is none"
                                    : base::printable(name) + ": " + decoder.why());
            }
            if (piece->empty()) {
                break;
            }
            on_bytes(piece->size());
        }
        collector.end();
    }
    if (!names->empty() && (decoder.next() || !decoder.at_end())) {
        return flawed("it has more than its directory names");
    }
    return Sound<ArchiveContent>(collector.finish());
}

Sound<void> check_content(const ArchiveContent& content, std::string_view file_name,
                          const std::vector<std::string>& rest_of_list) {
    if (!content.head) {
        return stem_of(file_name) == content.digest
                   ? Sound<void>()
                   : broken("its content is not what its name says");
    }
    std::vector<std::string> digests;
    for (const auto& shard : content.head->shards) {
        digests.emplace_back(stem_of(shard));
    }
    if (stem_of(file_name) != list_digest(std::move(digests), content.head->path_lines)) {
        return broken("its content is not what its name says");
    }
    return content.head->shards == rest_of_list
               ? Sound<void>()
               : broken("it is the head of another list than the manifest's");
}

}  // namespace genevactl::capture
