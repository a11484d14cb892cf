// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

namespace genevactl::capture {

/// The CRC-32 of RFC 1952, continued from `crc` (0 at the start).
std::uint32_t crc32_of(std::uint32_t crc, std::string_view bytes);

/// The CRC-32 of two pieces, one behind the other, from those of each; `size` bytes in the second.
std::uint32_t crc32_after(std::uint32_t first, std::uint32_t second, std::uint64_t size);

/// Makes one deflate stream (RFC 1951) after the other, piece by piece: with ISA-L where libisal is
/// on this machine, else with zlib, which makes the same of it in ten times the time. What comes
/// out is never compared: the same input need not give the same bytes.
class Deflater {
public:
    /// 1..9; ISA-L has fewer levels and takes the nearest.
    explicit Deflater(int level);
    Deflater(const Deflater&) = delete;
    Deflater& operator=(const Deflater&) = delete;
    ~Deflater();

    using Sink = std::function<bool(std::string_view)>;
    /// What is done behind a piece.
    enum class Then : std::uint8_t {
        go_on,
        cut,  ///< everything so far comes out; the stream goes on without a look at what was before
        end,  ///< so does the end of the stream; the next piece begins another
    };
    /// Compresses a piece. False when the sink said so.
    bool add(std::string_view bytes, Then then, const Sink& sink);

    class Engine;

private:
    std::unique_ptr<Engine> m_engine;
};

/// "ISA-L" or "zlib": what a Deflater here uses.
std::string_view deflate_library();

}  // namespace genevactl::capture
