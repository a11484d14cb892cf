// SPDX-License-Identifier: Apache-2.0
#include "deflate.hpp"

#include <dlfcn.h>
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <zlib.h>

#include <array>
#include <new>
#include <vector>

namespace genevactl::capture {

namespace {

constexpr std::size_t k_out_size = std::size_t{128} << 10U;  // bytes

/// The functions of libisal that are used here; it is opened when first needed, so that no other
/// command pays for it and the program runs without it.
struct Isal {
    decltype(&::isal_deflate_init) init = nullptr;
    decltype(&::isal_deflate_reset) reset = nullptr;
    decltype(&::isal_deflate) deflate = nullptr;
    decltype(&::crc32_gzip_refl) crc32 = nullptr;

    Isal() {
        void* library = ::dlopen("libisal.so.2", RTLD_NOW | RTLD_LOCAL);
        if (library == nullptr) {
            return;
        }
        const auto load = [&](auto& function, const char* name) {
            function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(
                ::dlsym(library, name));
        };
        load(init, "isal_deflate_init");
        load(reset, "isal_deflate_reset");
        load(deflate, "isal_deflate");
        load(crc32, "crc32_gzip_refl");
    }
    bool usable() const {
        return init != nullptr && reset != nullptr && deflate != nullptr && crc32 != nullptr;
    }
};

const Isal* isal() {
    static const Isal s_isal;
    return s_isal.usable() ? &s_isal : nullptr;
}

}  // namespace

class Deflater::Engine {
public:
    Engine() = default;
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;
    virtual ~Engine() = default;
    virtual bool add(std::string_view bytes, Then then, const Sink& sink) = 0;

protected:
    std::string_view output(std::size_t unused) const {
        return {reinterpret_cast<const char*>(m_out.data()), m_out.size() - unused};
    }
    std::vector<std::uint8_t> m_out = std::vector<std::uint8_t>(k_out_size);
};

namespace {

class IsalEngine final : public Deflater::Engine {
public:
    IsalEngine(const Isal& isal, int level) : m_isal(isal) {
        const auto size = level <= 3   ? ISAL_DEF_LVL1_DEFAULT
                          : level <= 6 ? ISAL_DEF_LVL2_DEFAULT
                                       : ISAL_DEF_LVL3_DEFAULT;
        m_level_buffer.resize(static_cast<std::size_t>(size));
        m_isal.init(&m_stream);
        m_stream.level = level <= 3 ? 1 : level <= 6 ? 2 : 3;
        m_stream.level_buf = m_level_buffer.data();
        m_stream.level_buf_size = static_cast<std::uint32_t>(m_level_buffer.size());
        m_stream.gzip_flag = IGZIP_DEFLATE;
        m_stream.flush = NO_FLUSH;
    }

    bool add(std::string_view bytes, Deflater::Then then, const Deflater::Sink& sink) override {
        // The library takes its input as not const and leaves it as it is.
        m_stream.next_in =
            reinterpret_cast<std::uint8_t*>(const_cast<char*>(bytes.data()));  // NOLINT
        m_stream.avail_in = static_cast<std::uint32_t>(bytes.size());
        m_stream.end_of_stream = then == Deflater::Then::end ? 1 : 0;
        m_stream.flush = then == Deflater::Then::cut ? SYNC_FLUSH : NO_FLUSH;
        do {
            m_stream.next_out = m_out.data();
            m_stream.avail_out = static_cast<std::uint32_t>(m_out.size());
            if (m_isal.deflate(&m_stream) != COMP_OK) {
                return false;
            }
            const auto made = output(m_stream.avail_out);
            if (!made.empty() && !sink(made)) {
                return false;
            }
        } while (m_stream.avail_out == 0 ||
                 (then == Deflater::Then::end && m_stream.internal_state.state != ZSTATE_END));
        if (then != Deflater::Then::go_on) {
            m_isal.reset(&m_stream);
        }
        return true;
    }

private:
    const Isal& m_isal;
    std::vector<std::uint8_t> m_level_buffer;
    isal_zstream m_stream{};
};

class ZlibEngine final : public Deflater::Engine {
public:
    explicit ZlibEngine(int level) {
        constexpr int k_memory = 8;
        if (::deflateInit2(&m_stream, level, Z_DEFLATED, -MAX_WBITS, k_memory,
                           Z_DEFAULT_STRATEGY) != Z_OK) {
            throw std::bad_alloc();
        }
    }
    ZlibEngine(const ZlibEngine&) = delete;
    ZlibEngine& operator=(const ZlibEngine&) = delete;
    ~ZlibEngine() override { ::deflateEnd(&m_stream); }

    bool add(std::string_view bytes, Deflater::Then then, const Deflater::Sink& sink) override {
        m_stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // NOLINT
        m_stream.avail_in = static_cast<uInt>(bytes.size());
        do {
            m_stream.next_out = m_out.data();
            m_stream.avail_out = static_cast<uInt>(m_out.size());
            ::deflate(&m_stream, then == Deflater::Then::end   ? Z_FINISH
                                 : then == Deflater::Then::cut ? Z_SYNC_FLUSH
                                                               : Z_NO_FLUSH);
            const auto made = output(m_stream.avail_out);
            if (!made.empty() && !sink(made)) {
                return false;
            }
        } while (m_stream.avail_out == 0);
        if (then != Deflater::Then::go_on) {
            ::deflateReset(&m_stream);
        }
        return true;
    }

private:
    z_stream m_stream{};
};

}  // namespace

std::uint32_t crc32_of(std::uint32_t crc, std::string_view bytes) {
    const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
    if (const auto* library = isal()) {
        return library->crc32(crc, data, bytes.size());
    }
    return static_cast<std::uint32_t>(::crc32_z(crc, data, bytes.size()));
}

std::uint32_t crc32_after(std::uint32_t first, std::uint32_t second, std::uint64_t size) {
    return static_cast<std::uint32_t>(::crc32_combine(first, second, static_cast<z_off_t>(size)));
}

Deflater::Deflater(int level) {
    if (const auto* library = isal()) {
        m_engine = std::make_unique<IsalEngine>(*library, level);
    } else {
        m_engine = std::make_unique<ZlibEngine>(level);
    }
}

Deflater::~Deflater() = default;

bool Deflater::add(std::string_view bytes, Then then, const Sink& sink) {
    return m_engine->add(bytes, then, sink);
}

std::string_view deflate_library() {
    return isal() != nullptr ? "ISA-L" : "zlib";
}

}  // namespace genevactl::capture
