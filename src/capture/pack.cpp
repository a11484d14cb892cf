// SPDX-License-Identifier: Apache-2.0
#include "genevactl/capture/pack.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "deflate.hpp"
#include "genevactl/base/parallel.hpp"
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
    Packer(ZipWriter& zip, const Packing& packing, const OnBytes& on_bytes)
        : m_zip(zip),
          m_level(packing.level),
          m_threads(std::max(packing.threads, 1U)),
          m_on_bytes(on_bytes) {}

    base::Status add(const File& file, const Fingerprint& fingerprint) {
        GENEVACTL_TRY(auto input, InputFile::open(file));
        m_crc = 0;
        m_size = 0;
        auto& first = lane(0);
        GENEVACTL_CHECK(first.read(input, 0));
        count(first);
        const auto method = first_method(first, file.identity.size);
        GENEVACTL_CHECK(m_zip.begin(file.path, method, file.identity.size, fingerprint.crc32));
        GENEVACTL_CHECK(m_zip.add(method == Method::deflated ? first.compressed : first.piece));
        GENEVACTL_CHECK(method == Method::deflated ? deflate_rest(input, file.identity.size)
                                                   : store_rest(input));
        if (m_size != file.identity.size || m_crc != fingerprint.crc32) {
            return changed_meanwhile(file);
        }
        m_on_bytes(m_size);
        return m_zip.end();
    }

private:
    /// What one thread compresses at a time.
    struct Lane {
        explicit Lane(std::size_t size) : buffer(size) {}
        bool is_last() const { return piece.size() < buffer.size(); }
        base::Status read(InputFile& input, std::uint64_t offset) {
            GENEVACTL_TRY(piece, input.read_at(offset, buffer));
            crc = crc32_of(0, piece);
            return {};
        }
        void deflate(Level level, Deflater::Then otherwise) {
            if (!deflater) {
                deflater.emplace(level);
            }
            compressed.clear();
            deflater->add(piece, is_last() ? Deflater::Then::end : otherwise,
                          [&](std::string_view bytes) {
                              compressed += bytes;
                              return true;
                          });
        }

        std::vector<char> buffer;
        std::string_view piece = {};  ///< of the file, in the buffer
        std::uint32_t crc = 0;        ///< of the piece
        std::string compressed = {};
        std::optional<Deflater> deflater = {};
    };

    Lane& lane(std::size_t index) {
        constexpr std::size_t k_part = 4 * k_piece;  // worth a thread
        while (m_lanes.size() <= index) {
            m_lanes.push_back(std::make_unique<Lane>(m_threads > 1 ? k_part : k_piece));
        }
        return *m_lanes[index];
    }

    void count(const Lane& lane) {
        m_crc = crc32_after(m_crc, lane.crc, lane.piece.size());
        m_size += lane.piece.size();
    }

    /// Compresses the first piece to see whether it shrinks.
    Method first_method(Lane& first, std::uint64_t size) const {
        if (m_level == k_stored || size == 0) {
            return Method::stored;
        }
        first.deflate(m_level, Deflater::Then::cut);
        const auto least = first.compressed.size() + first.piece.size() / k_least_gain;
        return least < first.piece.size() ? Method::deflated : Method::stored;
    }

    base::Status store_rest(InputFile& input) {
        for (auto& only = lane(0); !only.is_last();) {
            GENEVACTL_CHECK(only.read(input, m_size));
            count(only);
            GENEVACTL_CHECK(m_zip.add(only.piece));
        }
        return {};
    }

    base::Status deflate_rest(InputFile& input, std::uint64_t size) {
        if (m_threads > 1) {
            return deflate_parts(input, size);
        }
        for (auto& only = lane(0); !only.is_last();) {
            GENEVACTL_CHECK(only.read(input, m_size));
            count(only);
            only.deflate(m_level, Deflater::Then::go_on);
            GENEVACTL_CHECK(m_zip.add(only.compressed));
        }
        return {};
    }

    /// The parts behind the first one, each cut off from the one before it, by all threads; one
    /// part more than there are threads waits to be written.
    base::Status deflate_parts(InputFile& input, std::uint64_t size) {
        const auto first = lane(0).buffer.size();
        if (lane(0).is_last()) {
            return {};
        }
        const std::size_t slots = 2 * std::size_t{m_threads};
        lane(slots - 1);
        // A part of no bytes ends the stream of a file of whole parts.
        return base::make_and_take(
            static_cast<std::size_t>(size / first), m_threads, slots,
            [&](std::size_t i, std::size_t slot) -> base::Status {
                GENEVACTL_CHECK(m_lanes[slot]->read(input, (i + 1) * first));
                m_lanes[slot]->deflate(m_level, Deflater::Then::cut);
                return {};
            },
            [&](std::size_t, std::size_t slot) -> base::Status {
                count(*m_lanes[slot]);
                return m_zip.add(m_lanes[slot]->compressed);
            });
    }

    ZipWriter& m_zip;
    Level m_level;
    unsigned m_threads;
    const OnBytes& m_on_bytes;
    std::vector<std::unique_ptr<Lane>> m_lanes;
    std::uint32_t m_crc = 0;   ///< of what was read of the present file
    std::uint64_t m_size = 0;  ///< bytes read of it
};

}  // namespace

base::Result<std::uint64_t> pack(const Shard& shard, const std::filesystem::path& archive,
                                 const Packing& packing, const base::Interrupt& interrupt,
                                 const OnBytes& on_bytes) {
    GENEVACTL_TRY(auto zip, ZipWriter::create(archive, packing.stays));
    Packer packer(zip, packing, on_bytes);
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
