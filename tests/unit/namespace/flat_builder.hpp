// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace genevactl::test {

/// Writes FlatBuffers by hand, also such as no writer would: parents first, so that a table may be
/// pointed to as often as one likes. Every slot of a table takes eight bytes.
class FlatBuilder {
public:
    FlatBuilder() { m_bytes.resize(4); }

    /// A table with `slots` fields, all left out; its position.
    std::size_t table(std::size_t slots) {
        align(8);
        const auto vtable = m_bytes.size();
        put<std::uint16_t>(4 + 2 * slots);
        put<std::uint16_t>(8 + 8 * slots);
        for (std::size_t i = 0; i < slots; ++i) {
            put<std::uint16_t>(0);
        }
        align(8);
        const auto table = m_bytes.size();
        put<std::int32_t>(table - vtable);
        m_bytes.resize(table + 8 + 8 * slots);
        return table;
    }
    template <typename Number>
    void set(std::size_t table, std::size_t slot, Number value) {
        std::memcpy(&m_bytes[place(table, slot)], &value, sizeof(value));
    }
    void point(std::size_t table, std::size_t slot, std::size_t target) {
        refer(place(table, slot), target);
    }
    void root(std::size_t target) { refer(0, target); }

    std::size_t text(const std::string& text) {
        align(4);
        const auto at = m_bytes.size();
        put<std::uint32_t>(text.size());
        m_bytes += text + '\0';
        return at;
    }
    /// A vector of offsets that are still to be set with refer(at + 4 + 4 * i, target).
    std::size_t offsets(std::size_t count) {
        align(4);
        const auto at = m_bytes.size();
        put<std::uint32_t>(count);
        m_bytes.resize(m_bytes.size() + 4 * count);
        return at;
    }
    /// A vector of pairs of 64-bit numbers.
    std::size_t pairs(const std::vector<std::pair<std::int64_t, std::int64_t>>& pairs) {
        align(8);
        put<std::uint32_t>(0);
        const auto at = m_bytes.size();
        put<std::uint32_t>(pairs.size());
        for (const auto& [first, second] : pairs) {
            put<std::int64_t>(first);
            put<std::int64_t>(second);
        }
        return at;
    }
    void refer(std::size_t from, std::size_t target) {
        const auto distance = static_cast<std::uint32_t>(target - from);
        std::memcpy(&m_bytes[from], &distance, sizeof(distance));
    }
    const std::string& bytes() {
        align(8);
        return m_bytes;
    }

private:
    template <typename Number, typename Value>
    void put(Value value) {
        const auto number = static_cast<Number>(value);
        m_bytes.append(reinterpret_cast<const char*>(&number), sizeof(number));
    }
    void align(std::size_t to) { m_bytes.resize((m_bytes.size() + to - 1) / to * to); }
    std::size_t place(std::size_t table, std::size_t slot) {
        std::int32_t back = 0;
        std::memcpy(&back, &m_bytes[table], sizeof(back));
        const auto offset = static_cast<std::uint16_t>(8 + 8 * slot);
        std::memcpy(&m_bytes[table - static_cast<std::size_t>(back) + 4 + 2 * slot], &offset,
                    sizeof(offset));
        return table + offset;
    }

    std::string m_bytes;
};

}  // namespace genevactl::test
