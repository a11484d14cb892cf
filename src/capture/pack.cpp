// SPDX-License-Identifier: Apache-2.0
#include "genevactl/capture/pack.hpp"

#include <optional>
#include <string>
#include <vector>

#include "deflate.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "input_file.hpp"
#include "zip_writer.hpp"

namespace genevactl::capture {

namespace {

/// A first piece that shrinks by less than a fiftieth stands for a file that is not worth it.
constexpr std::size_t k_least_gain = 50;

/// Packs the files of one shard, one after the other, through buffers that all of them share.
class Packer {
public:
    Packer(ZipWriter& zip, Level level, const OnBytes& on_bytes)
        : m_zip(zip), m_level(level), m_on_bytes(on_bytes), m_buffer(k_piece) {}

    base::Status add(const File& file, const Fingerprint& fingerprint) {
        GENEVACTL_TRY(auto input, InputFile::open(file));
        GENEVACTL_TRY(auto piece, input.read(m_buffer));
        const auto method = deflate_first(piece, file.identity.size);
        GENEVACTL_CHECK(m_zip.begin(file.path, method, file.identity.size, fingerprint.crc32));
        GENEVACTL_CHECK(
            m_zip.add(method == Method::deflated ? std::string_view(m_compressed) : piece));
        auto crc = crc32_of(0, piece);
        std::uint64_t size = piece.size();
        while (piece.size() == m_buffer.size()) {
            GENEVACTL_TRY(piece, input.read(m_buffer));
            crc = crc32_of(crc, piece);
            size += piece.size();
            GENEVACTL_CHECK(method == Method::deflated ? deflate_next(piece) : m_zip.add(piece));
        }
        if (size != file.identity.size || crc != fingerprint.crc32) {
            return changed_meanwhile(file);
        }
        m_on_bytes(size);
        return m_zip.end();
    }

private:
    /// Compresses the first piece to see whether it shrinks; `m_compressed` then has the beginning
    /// of the entry.
    Method deflate_first(std::string_view piece, std::uint64_t size) {
        m_compressed.clear();
        if (m_level == k_stored || size == 0) {
            return Method::stored;
        }
        if (!m_deflater) {
            m_deflater.emplace(m_level);
        }
        const bool whole = piece.size() < m_buffer.size();
        m_deflater->add(piece, whole ? Deflater::Then::end : Deflater::Then::flush,
                        [&](std::string_view bytes) {
                            m_compressed += bytes;
                            return true;
                        });
        if (m_compressed.size() + piece.size() / k_least_gain < piece.size()) {
            return Method::deflated;
        }
        if (!whole) {
            m_deflater.reset();  // in the middle of a stream
        }
        return Method::stored;
    }

    base::Status deflate_next(std::string_view piece) {
        base::Status status;
        const auto then =
            piece.size() < m_buffer.size() ? Deflater::Then::end : Deflater::Then::go_on;
        m_deflater->add(piece, then, [&](std::string_view bytes) {
            status = m_zip.add(bytes);
            return status.has_value();
        });
        return status;
    }

    ZipWriter& m_zip;
    Level m_level;
    const OnBytes& m_on_bytes;
    std::vector<char> m_buffer;
    std::string m_compressed;
    std::optional<Deflater> m_deflater;
};

}  // namespace

base::Result<std::uint64_t> pack(const Shard& shard, const std::filesystem::path& archive,
                                 Level level, const base::Interrupt& interrupt,
                                 const OnBytes& on_bytes) {
    GENEVACTL_TRY(auto zip, ZipWriter::create(archive));
    Packer packer(zip, level, on_bytes);
    for (std::size_t i = 0; i < shard.files.size(); ++i) {
        if (const auto signal = interrupt.signal(); signal != 0) {
            return base::fail(base::interruption(signal));
        }
        GENEVACTL_CHECK(packer.add(shard.files[i], shard.fingerprints[i]));
    }
    return zip.finish();
}

base::Result<std::uint64_t> pack_head(const ShardList& list, const std::filesystem::path& archive) {
    GENEVACTL_TRY(auto zip, ZipWriter::create(archive));
    const auto add = [&](const std::string& name, const std::string& text) -> base::Status {
        GENEVACTL_CHECK(zip.begin(name, Method::stored, text.size(), crc32_of(0, text)));
        GENEVACTL_CHECK(zip.add(text));
        return zip.end();
    };
    std::string shards;
    for (const auto& shard : list.shards) {
        shards += shard.file_name() + "\n";
    }
    GENEVACTL_CHECK(add(std::string(k_head_entry), shards));
    if (!list.path_lines.empty()) {
        GENEVACTL_CHECK(add(std::string(k_path_entry), base::join(list.path_lines, "\n") + "\n"));
    }
    return zip.finish();
}

}  // namespace genevactl::capture
