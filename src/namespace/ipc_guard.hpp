// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "flatbuffer.hpp"
#include "genevactl/base/error.hpp"

namespace genevactl::ns {

/// "the answer is not valid Arrow IPC: WHAT", kind failed.
tl::unexpected<base::Error> invalid_ipc(std::string_view what);

/// Looks at the metadata of Arrow IPC messages before the library that decodes them does, for what
/// its verification lets through: a small message that unfolds into a huge one (tables that point
/// to the same table many times), lengths that no body could hold, and the features that are not
/// read here (compression, unions, views), for which it finds the column's name. One guard a
/// stream.
class IpcGuard {
public:
    /// `total` is the size of the whole answer, from which the limits are taken.
    explicit IpcGuard(std::size_t total) : m_rows_left(rows_within(total)) {}

    enum class Kind : std::uint8_t { schema, dictionary, batch };
    struct Message {
        Kind kind = Kind::schema;
        std::size_t body_size = 0;
    };
    /// Checks the FlatBuffer of one message; `available` bytes follow it.
    base::Result<Message> check(std::string_view flatbuffer, std::size_t available);

private:
    /// What decoding a message may cost, taken from its own size.
    struct Budget {
        std::size_t elements;
        std::size_t text;
    };

    static std::uint64_t rows_within(std::size_t bytes) {
        return 8 * std::uint64_t{bytes} + 1'000'000;
    }

    base::Status check_schema(FlatReader& reader, FlatReader::Table schema, Budget& budget);
    base::Status check_field(FlatReader& reader, FlatReader::Table field, int depth,
                             const std::string& path, Budget& budget);
    base::Status check_dictionary(FlatReader& reader, FlatReader::Table field,
                                  FlatReader::Table encoding, const std::string& path);
    base::Status check_metadata(FlatReader& reader, FlatReader::Table owner, std::size_t slot,
                                Budget& budget);
    base::Status check_batch(FlatReader& reader, FlatReader::Table batch, std::size_t body_size,
                             bool of_rows);
    base::Status check_dictionary_batch(FlatReader& reader, FlatReader::Table batch,
                                        std::size_t body_size);

    struct Dictionary {
        std::string type;  ///< what must be the same wherever the id is used
        std::size_t buffers = 0;
    };
    std::map<std::int64_t, Dictionary> m_dictionaries;
    bool m_has_schema = false;
    std::uint64_t m_rows_left;
};

}  // namespace genevactl::ns
