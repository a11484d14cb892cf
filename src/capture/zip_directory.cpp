// SPDX-License-Identifier: Apache-2.0
#include "zip_directory.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace genevactl::capture {

namespace {

// APPNOTE 6.3.10, sections 4.3.12, 4.3.14 to 4.3.16 and 4.5.3.
constexpr std::string_view k_entry_mark = "PK\x01\x02";
constexpr std::string_view k_end64_mark = "PK\x06\x06";
constexpr std::string_view k_locator_mark = "PK\x06\x07";
constexpr std::string_view k_end_mark = "PK\x05\x06";
constexpr std::size_t k_entry = 46;  // bytes of each record without its texts
constexpr std::size_t k_end64 = 56;
constexpr std::size_t k_locator = 20;
constexpr std::size_t k_end = 22;
constexpr std::size_t k_longest_comment = 65535;
constexpr std::uint64_t k_largest_directory = std::uint64_t{256} << 20U;  // bytes
constexpr std::uint64_t k_no_value16 = 0xffff;                            // "it is in Zip64"
constexpr std::uint64_t k_no_value32 = 0xffffffff;

const auto k_cut_off = tl::unexpected<std::string>("cut off, or no zip archive");
const auto k_bad_directory = tl::unexpected<std::string>("its directory is damaged");

/// A little-endian number; the caller has looked that it is there.
std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t width) {
    std::uint64_t number = 0;
    for (std::size_t i = width; i > 0; --i) {
        number = number << 8U | static_cast<unsigned char>(bytes[at + i - 1]);
    }
    return number;
}

bool has_mark(std::string_view bytes, std::size_t at, std::string_view mark) {
    return at <= bytes.size() && bytes.substr(at, mark.size()) == mark;
}

/// Where the end record begins in the archive's last bytes: its comment reaches to their end.
std::optional<std::size_t> end_record(std::string_view tail) {
    if (tail.size() < k_end) {
        return std::nullopt;
    }
    for (auto at = tail.size() - k_end;; --at) {
        if (has_mark(tail, at, k_end_mark) &&
            number_at(tail, at + 20, 2) == tail.size() - at - k_end) {
            return at;
        }
        if (at == 0) {
            return std::nullopt;
        }
    }
}

/// The record of an archive with sizes beyond 32 bits, which the locator before `end` points at.
Sound<ZipEnd> end64(ArchiveBytes& bytes, std::string_view locator, std::uint64_t end) {
    const auto at = number_at(locator, 8, 8);
    if (at > end || end - at < k_locator + k_end64) {
        return k_bad_directory;
    }
    const auto record = bytes.exactly(at, k_end64);
    if (!record || !has_mark(*record, 0, k_end64_mark)) {
        return k_bad_directory;
    }
    const ZipEnd found{.entries = number_at(*record, 32, 8),
                       .offset = number_at(*record, 48, 8),
                       .size = number_at(*record, 40, 8)};
    if (found.offset > at || at - found.offset != found.size) {
        return k_bad_directory;
    }
    return found;
}

/// The 64-bit offset of an entry, in the extra field 1 behind the sizes that are there, too.
std::optional<std::uint64_t> offset64(std::string_view header, std::string_view extra) {
    std::size_t before = 0;
    for (const std::size_t size_at : {24U, 20U}) {
        before += number_at(header, size_at, 4) == k_no_value32 ? 8U : 0U;
    }
    while (extra.size() >= 4) {
        const auto length = number_at(extra, 2, 2);
        const auto field = extra.substr(4, length);
        if (number_at(extra, 0, 2) == 1) {
            return field.size() >= before + 8 ? std::optional(number_at(field, before, 8))
                                              : std::nullopt;
        }
        extra.remove_prefix(std::min<std::size_t>(extra.size(), 4 + length));
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> ArchiveBytes::some(std::uint64_t offset, std::uint64_t length) {
    auto read = m_read(offset, length);
    if (!read) {
        m_error = std::move(read).error();
        return std::nullopt;
    }
    return std::move(*read);
}

std::optional<std::string> ArchiveBytes::exactly(std::uint64_t offset, std::uint64_t length) {
    auto read = some(offset, length);
    return read && read->size() == length ? std::move(read) : std::nullopt;
}

Sound<ZipEnd> find_end(ArchiveBytes& bytes) {
    constexpr std::size_t k_least = k_end64 + k_locator + k_end;
    for (const auto most : {k_least, k_least + k_longest_comment}) {
        const auto length = std::min<std::uint64_t>(most, bytes.size());
        const auto start = bytes.size() - length;
        const auto tail = bytes.exactly(start, length);
        if (!tail) {
            return k_cut_off;
        }
        const auto at = end_record(*tail);
        if (!at) {
            continue;
        }
        const ZipEnd found{.entries = number_at(*tail, *at + 10, 2),
                           .offset = number_at(*tail, *at + 16, 4),
                           .size = number_at(*tail, *at + 12, 4)};
        const bool has_locator =
            *at >= k_locator && has_mark(*tail, *at - k_locator, k_locator_mark);
        if (has_locator && (found.entries == k_no_value16 || found.offset == k_no_value32 ||
                            found.size == k_no_value32)) {
            return end64(bytes, std::string_view(*tail).substr(*at - k_locator), start + *at);
        }
        if (found.offset + found.size != start + *at) {
            return k_bad_directory;
        }
        return found;
    }
    return k_cut_off;
}

Sound<std::vector<ZipName>> read_names(ArchiveBytes& bytes, const ZipEnd& end) {
    if (end.size > k_largest_directory || end.entries > end.size / k_entry) {
        return k_bad_directory;
    }
    const auto directory = bytes.exactly(end.offset, end.size);
    if (!directory) {
        return k_bad_directory;
    }
    std::vector<ZipName> names;
    std::string_view rest = *directory;
    while (!rest.empty()) {
        if (rest.size() < k_entry || !has_mark(rest, 0, k_entry_mark)) {
            return k_bad_directory;
        }
        const auto header = rest.substr(0, k_entry);
        const auto name = number_at(header, 28, 2);
        const auto extra = number_at(header, 30, 2);
        const auto comment = number_at(header, 32, 2);
        if (rest.size() < k_entry + name + extra + comment) {
            return k_bad_directory;
        }
        auto offset = std::optional(number_at(header, 42, 4));
        if (*offset == k_no_value32) {
            offset = offset64(header, rest.substr(k_entry + name, extra));
        }
        if (!offset) {
            return k_bad_directory;
        }
        names.push_back({*offset, std::string(rest.substr(k_entry, name))});
        rest.remove_prefix(k_entry + name + extra + comment);
    }
    if (names.size() != end.entries) {
        return k_bad_directory;
    }
    std::ranges::stable_sort(names, {}, &ZipName::offset);
    return names;
}

}  // namespace genevactl::capture
