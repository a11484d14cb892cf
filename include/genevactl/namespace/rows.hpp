// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "genevactl/base/clock.hpp"
#include "genevactl/base/error.hpp"
#include "genevactl/model/schema.hpp"

namespace genevactl::ns {

/// The rows of a query's answer, read from an Arrow IPC file or stream (Arrow columnar format 1.5).
/// Values are read by column name; a column that is missing reads as null in every row.
class Rows {
    struct Data;

public:
    /// One column, looked for once; the rows outlive it.
    class Column {
    public:
        /// Text of a (large_)utf8, dictionary-encoded or binary column; nothing for null. It lies
        /// in the rows.
        std::optional<std::string_view> text(std::int64_t row) const;
        std::optional<std::int64_t> integer(std::int64_t row) const;
        /// timestamp of any unit, in microseconds UTC.
        std::optional<base::WallTime> time(std::int64_t row) const;
        /// A list of texts; empty for null.
        std::vector<std::string> texts(std::int64_t row) const;
        /// Any value as JSON text ("null" for null).
        std::string json(std::int64_t row) const;

    private:
        friend class Rows;
        struct Place;
        Column(const Data& data, std::optional<std::size_t> index)
            : m_data(&data), m_index(index) {}
        std::optional<Place> find(std::int64_t row) const;

        const Data* m_data;
        std::optional<std::size_t> m_index;  ///< none: there is no such column
    };

    /// Errors (kind failed) on anything that is not whole, valid IPC: hostile bytes never crash.
    static base::Result<Rows> read(std::string_view ipc);
    Rows(Rows&&) noexcept;
    Rows& operator=(Rows&&) noexcept;
    ~Rows();

    std::int64_t size() const;
    const model::Schema& schema() const;

    Column column(std::string_view name) const;

    /// The same for a value here and there.
    std::optional<std::string> text(std::string_view column, std::int64_t row) const;
    std::optional<std::int64_t> integer(std::string_view column, std::int64_t row) const;
    std::optional<base::WallTime> time(std::string_view column, std::int64_t row) const;
    std::vector<std::string> texts(std::string_view column, std::int64_t row) const;
    std::string json(std::string_view column, std::int64_t row) const;

private:
    explicit Rows(std::unique_ptr<Data> data);
    std::unique_ptr<Data> m_data;
};

}  // namespace genevactl::ns
