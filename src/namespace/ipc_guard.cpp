// SPDX-License-Identifier: Apache-2.0
// The tables and their slots are those of Arrow's Message.fbs and Schema.fbs (format version 1.5).
#include "ipc_guard.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"

namespace genevactl::ns {

namespace {

constexpr int k_deepest_field = 32;  // levels of nested fields

enum TypeId : std::uint8_t {
    k_null = 1,
    k_int = 2,
    k_binary = 4,
    k_utf8 = 5,
    k_timestamp = 10,
    k_list = 12,
    k_struct = 13,
    k_union = 14,
    k_fixed_size_list = 16,
    k_map = 17,
    k_large_binary = 19,
    k_large_utf8 = 20,
    k_large_list = 21,
    k_last_type = 26,
};

/// Types that are not read, by their number in Schema.fbs.
std::string_view unread_type(std::uint8_t type) {
    switch (type) {
        case 11:
            return "interval";
        case k_union:
            return "union";
        case 22:
            return "run_end_encoded";
        case 23:
            return "binary_view";
        case 24:
            return "string_view";
        case 25:
            return "list_view";
        case 26:
            return "large_list_view";
        default:
            return {};
    }
}

tl::unexpected<base::Error> unread(const std::string& path, std::string_view what) {
    return base::fail(base::ErrorKind::failed,
                      fmt::format("the answer's column '{}' has {}, which genevactl does not read",
                                  base::printable(path), what),
                      "ask for the other columns by name");
}

bool is_nested(std::uint8_t type) {
    return type == k_list || type == k_struct || type == k_fixed_size_list || type == k_map ||
           type == k_large_list;
}

}  // namespace

tl::unexpected<base::Error> invalid_ipc(std::string_view what) {
    return base::fail(
        base::ErrorKind::failed,
        fmt::format("the answer is not valid Arrow IPC: {}", base::printable(what)),
        "if it happens again, look at what the deployment sends with --trace-http FILE");
}

base::Result<IpcGuard::Message> IpcGuard::check(std::string_view flatbuffer,
                                                std::size_t available) {
    FlatReader reader(flatbuffer);
    const auto message = reader.root();
    const auto type = reader.scalar<std::uint8_t>(message, 1);
    const auto header = reader.table(message, 2);
    const auto body_size = reader.scalar<std::int64_t>(message, 3);
    Budget budget{flatbuffer.size() + 1024, 4 * flatbuffer.size() + 65536};
    GENEVACTL_CHECK(check_metadata(reader, message, 4, budget));
    if (!reader.ok() || !header) return invalid_ipc("a message's header is broken");
    if (body_size < 0 || static_cast<std::uint64_t>(body_size) > available) {
        return invalid_ipc(
            fmt::format("a message claims a body of {} bytes and {} follow", body_size, available));
    }
    Message result{Kind::schema, static_cast<std::size_t>(body_size)};
    if (m_has_schema == (type == 1)) {
        return invalid_ipc(m_has_schema ? "it has two schemas" : "it does not start with a schema");
    }
    switch (type) {
        case 1:
            m_has_schema = true;
            GENEVACTL_CHECK(check_schema(reader, header, budget));
            break;
        case 2:
            result.kind = Kind::dictionary;
            GENEVACTL_CHECK(check_dictionary_batch(reader, header, result.body_size));
            break;
        case 3:
            result.kind = Kind::batch;
            GENEVACTL_CHECK(check_batch(reader, header, result.body_size, true));
            break;
        default:
            return invalid_ipc(fmt::format("a message is of the unknown kind {}", type));
    }
    if (!reader.ok()) return invalid_ipc("a message's header is cut off");
    return result;
}

base::Status IpcGuard::check_schema(FlatReader& reader, FlatReader::Table schema, Budget& budget) {
    if (reader.scalar<std::int16_t>(schema, 0) != 0) {
        return invalid_ipc("its numbers are big-endian, which genevactl does not read");
    }
    GENEVACTL_CHECK(check_metadata(reader, schema, 2, budget));
    const auto fields = reader.vector(schema, 1, 4);
    for (std::size_t i = 0; i < fields.count; ++i) {
        GENEVACTL_CHECK(check_field(reader, reader.element(fields, i), 1, "", budget));
    }
    return {};
}

base::Status IpcGuard::check_field(FlatReader& reader, FlatReader::Table field, int depth,
                                   const std::string& path, Budget& budget) {
    const auto name = reader.text(field, 0);
    const auto here = path.empty() ? std::string(name) : path + "." + std::string(name);
    if (!reader.ok()) return invalid_ipc("a field of its schema is broken");
    const auto type = reader.scalar<std::uint8_t>(field, 2);
    const auto type_table = reader.table(field, 3);
    const auto zone = type == k_timestamp ? reader.text(type_table, 1) : std::string_view();
    const auto text = name.size() + zone.size();
    if (depth > k_deepest_field || budget.elements == 0 || budget.text < text) {
        return invalid_ipc("its schema unfolds into more than its bytes can hold");
    }
    --budget.elements;
    budget.text -= text;
    if (const auto what = unread_type(type); !what.empty()) {
        return unread(here, fmt::format("the Arrow type {}", what));
    }
    if (type < k_null || type > k_last_type || !type_table) {
        return invalid_ipc(fmt::format("a field has the unknown type {}", type));
    }
    GENEVACTL_CHECK(check_metadata(reader, field, 6, budget));
    if (const auto encoding = reader.table(field, 4)) {
        GENEVACTL_CHECK(check_dictionary(reader, field, encoding, here));
    }
    const auto children = reader.vector(field, 5, 4);
    if (children.count != 0 && !is_nested(type)) {
        return invalid_ipc("a field of a plain type has children");
    }
    for (std::size_t i = 0; i < children.count; ++i) {
        GENEVACTL_CHECK(check_field(reader, reader.element(children, i), depth + 1, here, budget));
    }
    return {};
}

base::Status IpcGuard::check_dictionary(FlatReader& reader, FlatReader::Table field,
                                        FlatReader::Table encoding, const std::string& path) {
    const auto type = reader.scalar<std::uint8_t>(field, 2);
    if (is_nested(type) || type == k_null) {
        return unread(path, "a dictionary of nested values");
    }
    const bool has_offsets =
        type == k_binary || type == k_utf8 || type == k_large_binary || type == k_large_utf8;
    const auto id = reader.scalar<std::int64_t>(encoding, 0);
    Dictionary dictionary{std::to_string(type), has_offsets ? std::size_t{3} : std::size_t{2}};
    if (type == k_int) {
        const auto details = reader.table(field, 3);
        dictionary.type += fmt::format("/{}/{}", reader.scalar<std::int32_t>(details, 0),
                                       reader.scalar<std::uint8_t>(details, 1));
    } else if (!has_offsets) {
        dictionary.type = path;  // types with details: one column each
    }
    const auto [known, is_new] = m_dictionaries.emplace(id, dictionary);
    if (!is_new && known->second.type != dictionary.type) {
        return invalid_ipc(fmt::format("the dictionary {} is of two types", id));
    }
    return {};
}

base::Status IpcGuard::check_metadata(FlatReader& reader, FlatReader::Table owner, std::size_t slot,
                                      Budget& budget) {
    const auto entries = reader.vector(owner, slot, 4);
    for (std::size_t i = 0; i < entries.count && reader.ok(); ++i) {
        const auto entry = reader.element(entries, i);
        const auto text = reader.text(entry, 0).size() + reader.text(entry, 1).size();
        if (budget.elements == 0 || budget.text < text) {
            return invalid_ipc("its metadata unfolds into more than its bytes can hold");
        }
        --budget.elements;
        budget.text -= text;
    }
    return {};
}

base::Status IpcGuard::check_batch(FlatReader& reader, FlatReader::Table batch,
                                   std::size_t body_size, bool of_rows) {
    const auto rows = reader.scalar<std::int64_t>(batch, 0);
    if (rows < 0 || static_cast<std::uint64_t>(rows) > m_rows_left) {
        return invalid_ipc(fmt::format("a batch claims {} rows", rows));
    }
    if (of_rows) m_rows_left -= static_cast<std::uint64_t>(rows);
    if (const auto compression = reader.table(batch, 3)) {
        const auto codec = reader.scalar<std::uint8_t>(compression, 0);
        return base::fail(
            base::ErrorKind::failed,
            fmt::format("the answer's rows are compressed ({}), which genevactl does not read",
                        codec == 0 ? "lz4" : "zstd"),
            "a deployment answers uncompressed unless it is told otherwise");
    }
    const auto nodes = reader.vector(batch, 1, 16);
    for (std::size_t i = 0; i < nodes.count; ++i) {
        const auto length = reader.number<std::int64_t>(nodes.first + 16 * i);
        const auto nulls = reader.number<std::int64_t>(nodes.first + 16 * i + 8);
        if (length < 0 || nulls < 0 || nulls > length ||
            static_cast<std::uint64_t>(length) > rows_within(body_size)) {
            return invalid_ipc(
                fmt::format("a column claims {} values, {} of them null", length, nulls));
        }
    }
    const auto buffers = reader.vector(batch, 2, 16);
    std::uint64_t used = 0;
    for (std::size_t i = 0; i < buffers.count; ++i) {
        const auto offset = reader.number<std::int64_t>(buffers.first + 16 * i);
        const auto length = reader.number<std::int64_t>(buffers.first + 16 * i + 8);
        const auto size = static_cast<std::int64_t>(body_size);
        if (offset < 0 || length < 0 || offset > size || length > size - offset ||
            offset % 8 != 0) {
            return invalid_ipc(
                fmt::format("a buffer of {} bytes at {} lies outside of the body", length, offset));
        }
        used += static_cast<std::uint64_t>(length);
    }
    if (used > body_size) return invalid_ipc("its buffers overlap");
    return {};
}

base::Status IpcGuard::check_dictionary_batch(FlatReader& reader, FlatReader::Table batch,
                                              std::size_t body_size) {
    const auto id = reader.scalar<std::int64_t>(batch, 0);
    const auto data = reader.table(batch, 1);
    const auto known = m_dictionaries.find(id);
    if (known == m_dictionaries.end()) {
        return invalid_ipc(fmt::format("no column uses the dictionary {}", id));
    }
    // The library takes the number of nodes and buffers of a dictionary for granted.
    if (!data || reader.vector(data, 1, 16).count != 1 ||
        reader.vector(data, 2, 16).count != known->second.buffers) {
        return invalid_ipc(fmt::format("the dictionary {} has the wrong number of buffers", id));
    }
    return check_batch(reader, data, body_size, false);
}

}  // namespace genevactl::ns
