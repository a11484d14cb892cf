// SPDX-License-Identifier: Apache-2.0
#include "genevactl/namespace/rows.hpp"

#include <algorithm>
#include <utility>

#include "arrow_types.hpp"
#include "arrow_values.hpp"
#include "genevactl/base/try.hpp"
#include "ipc_guard.hpp"
#include "ipc_reader.hpp"

namespace genevactl::ns {

struct Rows::Data {
    IpcContent content;
    model::Schema schema;
    std::vector<ValueType> types;  // beside schema.fields
};

/// A value's place: the column's array in the batch that has the row, and the row in it.
struct Rows::Column::Place {
    const ValueType& type;
    const ArrowArrayView& view;
    std::int64_t row;
};

Rows::Rows(std::unique_ptr<Data> data) : m_data(std::move(data)) {}
Rows::Rows(Rows&&) noexcept = default;
Rows& Rows::operator=(Rows&&) noexcept = default;
Rows::~Rows() = default;

base::Result<Rows> Rows::read(std::string_view ipc) {
    auto data = std::make_unique<Data>();
    GENEVACTL_TRY(data->content, read_ipc(ipc));
    const auto& schema = *data->content.schema.get();
    GENEVACTL_TRY(auto root, column_from_arrow(schema));
    if (root.type.id != NANOARROW_TYPE_STRUCT) return invalid_ipc("its schema has no columns");
    data->schema.fields = std::move(root.field.children);
    data->schema.metadata = std::move(root.field.metadata);
    data->types = std::move(root.type.children);
    return Rows(std::move(data));
}

std::int64_t Rows::size() const {
    return m_data->content.rows;
}

const model::Schema& Rows::schema() const {
    return m_data->schema;
}

Rows::Column Rows::column(std::string_view name) const {
    const auto& fields = m_data->schema.fields;
    const auto field = std::ranges::find(fields, name, &model::Field::name);
    if (field == fields.end()) return {*m_data, std::nullopt};
    return {*m_data, static_cast<std::size_t>(field - fields.begin())};
}

std::optional<Rows::Column::Place> Rows::Column::find(std::int64_t row) const {
    const auto& content = m_data->content;
    if (!m_index || row < 0 || row >= content.rows) return std::nullopt;
    const auto after = std::upper_bound(
        content.batches.begin(), content.batches.end(), row,
        [](std::int64_t wanted, const auto& batch) { return wanted < batch.first_row; });
    const auto& batch = *std::prev(after);
    return Place{m_data->types[*m_index], *batch.view->children[*m_index], row - batch.first_row};
}

std::optional<std::string_view> Rows::Column::text(std::int64_t row) const {
    const auto place = find(row);
    return place ? text_value(place->type, place->view, place->row) : std::nullopt;
}

std::optional<std::int64_t> Rows::Column::integer(std::int64_t row) const {
    const auto place = find(row);
    return place ? integer_value(place->type, place->view, place->row) : std::nullopt;
}

std::optional<base::WallTime> Rows::Column::time(std::int64_t row) const {
    const auto place = find(row);
    return place ? time_value(place->type, place->view, place->row) : std::nullopt;
}

std::vector<std::string> Rows::Column::texts(std::int64_t row) const {
    std::vector<std::string> texts;
    const auto place = find(row);
    if (!place) return texts;
    const auto elements = list_value(place->type, place->view, place->row);
    if (!elements) return texts;
    for (std::int64_t i = 0; i < elements->count; ++i) {
        const auto text =
            text_value(place->type.children.front(), *place->view.children[0], elements->first + i);
        if (text) texts.emplace_back(*text);
    }
    return texts;
}

std::string Rows::Column::json(std::int64_t row) const {
    const auto place = find(row);
    if (!place) return "null";
    std::string text;
    append_json(text, place->type, place->view, place->row);
    return text;
}

std::optional<std::string> Rows::text(std::string_view column, std::int64_t row) const {
    const auto text = this->column(column).text(row);
    return text ? std::optional<std::string>(*text) : std::nullopt;
}

std::optional<std::int64_t> Rows::integer(std::string_view column, std::int64_t row) const {
    return this->column(column).integer(row);
}

std::optional<base::WallTime> Rows::time(std::string_view column, std::int64_t row) const {
    return this->column(column).time(row);
}

std::vector<std::string> Rows::texts(std::string_view column, std::int64_t row) const {
    return this->column(column).texts(row);
}

std::string Rows::json(std::string_view column, std::int64_t row) const {
    return this->column(column).json(row);
}

}  // namespace genevactl::ns
