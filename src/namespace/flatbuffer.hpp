// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace genevactl::ns {

/// Reads a FlatBuffers binary (little-endian) without trusting one byte of it: a read beyond the
/// bytes gives zero and ok() turns false for good. Positions are offsets from the first byte; 0 is
/// "not there", since the root offset lies at 0.
class FlatReader {
public:
    struct Table {
        std::size_t position = 0;
        explicit operator bool() const { return position != 0; }
    };
    struct Vector {
        std::size_t first = 0;  ///< position of the first element
        std::size_t count = 0;
    };

    explicit FlatReader(std::string_view bytes) : m_bytes(bytes) {}

    bool ok() const { return m_ok; }
    std::size_t size() const { return m_bytes.size(); }

    template <typename Number>
    Number number(std::size_t position) {
        Number value{};
        if (position > m_bytes.size() || m_bytes.size() - position < sizeof(Number)) {
            m_ok = false;
            return value;
        }
        std::memcpy(&value, m_bytes.data() + position, sizeof(Number));
        return value;
    }

    Table root() { return follow(0); }
    /// The position of a table's field, or 0 if it is left out. `slot` counts from 0 in the order
    /// of the schema's declarations (a union takes two).
    std::size_t field(Table table, std::size_t slot);
    /// A scalar field, or `missing`.
    template <typename Number>
    Number scalar(Table table, std::size_t slot, Number missing = {}) {
        const auto position = field(table, slot);
        return position == 0 ? missing : number<Number>(position);
    }
    Table table(Table table, std::size_t slot);
    /// A vector whose elements, `width` bytes each, lie within the bytes; empty if left out.
    Vector vector(Table table, std::size_t slot, std::size_t width);
    /// The table that element `index` of a vector of offsets points to.
    Table element(Vector vector, std::size_t index) { return follow(vector.first + 4 * index); }
    std::string_view text(Table table, std::size_t slot);

private:
    Table follow(std::size_t position);

    std::string_view m_bytes;
    bool m_ok = true;
};

}  // namespace genevactl::ns
