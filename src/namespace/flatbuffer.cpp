// SPDX-License-Identifier: Apache-2.0
// FlatBuffers internals (flatbuffers.dev, "FlatBuffer Internals"): a table starts with the signed
// distance back to its vtable: uint16 size of the vtable, uint16 size of the table, then a uint16
// offset for every field, 0 for one that is left out. Offsets to tables, vectors and strings are
// uint32 forward from where they stand.
#include "flatbuffer.hpp"

namespace genevactl::ns {

FlatReader::Table FlatReader::follow(std::size_t position) {
    const auto distance = number<std::uint32_t>(position);
    if (!m_ok || distance == 0 || m_bytes.size() - position <= distance) {
        m_ok = false;
        return {};
    }
    return {position + distance};
}

std::size_t FlatReader::field(Table table, std::size_t slot) {
    if (!table) return 0;
    const auto back = static_cast<std::int64_t>(number<std::int32_t>(table.position));
    const auto vtable = static_cast<std::int64_t>(table.position) - back;
    if (!m_ok || vtable < 0 || static_cast<std::size_t>(vtable) >= m_bytes.size()) {
        m_ok = false;
        return 0;
    }
    const auto start = static_cast<std::size_t>(vtable);
    const auto entry = 4 + 2 * slot;
    if (entry + 2 > number<std::uint16_t>(start)) return 0;
    const auto offset = number<std::uint16_t>(start + entry);
    return offset == 0 || !m_ok ? 0 : table.position + offset;
}

FlatReader::Table FlatReader::table(Table table, std::size_t slot) {
    const auto position = field(table, slot);
    return position == 0 ? Table{} : follow(position);
}

FlatReader::Vector FlatReader::vector(Table table, std::size_t slot, std::size_t width) {
    const auto position = field(table, slot);
    if (position == 0) return {};
    const auto start = follow(position);
    const auto count = number<std::uint32_t>(start.position);
    if (!m_ok) return {};
    const auto first = start.position + 4;
    if ((m_bytes.size() - first) / width < count) {
        m_ok = false;
        return {};
    }
    return {first, count};
}

std::string_view FlatReader::text(Table table, std::size_t slot) {
    const auto characters = vector(table, slot, 1);
    return m_bytes.substr(characters.first, characters.count);
}

}  // namespace genevactl::ns
