// SPDX-License-Identifier: Apache-2.0
#include "ipc_writer.hpp"

#include <fmt/format.h>
#include <nanoarrow/nanoarrow.hpp>
#include <nanoarrow/nanoarrow_ipc.hpp>

namespace genevactl::ns {

namespace {

ArrowErrorCode set_list(ArrowSchema* schema, int depth) {
    NANOARROW_RETURN_NOT_OK(ArrowSchemaSetType(schema, NANOARROW_TYPE_LIST));
    auto* item = schema->children[0];
    NANOARROW_RETURN_NOT_OK(depth > 1 ? set_list(item, depth - 1)
                                      : ArrowSchemaSetType(item, NANOARROW_TYPE_STRING));
    return ArrowSchemaSetName(item, "item");
}

ArrowErrorCode set_stream_type(ArrowSchema* schema, StreamColumn::Type type) {
    switch (type) {
        case StreamColumn::Type::text:
            return ArrowSchemaSetType(schema, NANOARROW_TYPE_STRING);
        case StreamColumn::Type::flag:
            return ArrowSchemaSetType(schema, NANOARROW_TYPE_BOOL);
        case StreamColumn::Type::time:
            return ArrowSchemaSetTypeDateTime(schema, NANOARROW_TYPE_TIMESTAMP,
                                              NANOARROW_TIME_UNIT_MICRO, "UTC");
        case StreamColumn::Type::texts:
            return set_list(schema, 1);
        case StreamColumn::Type::lists_of_texts:
            return set_list(schema, 2);
    }
    return EINVAL;
}

ArrowErrorCode make_stream_schema(ArrowSchema* schema, const std::vector<StreamColumn>& columns) {
    ArrowSchemaInit(schema);
    NANOARROW_RETURN_NOT_OK(
        ArrowSchemaSetTypeStruct(schema, static_cast<std::int64_t>(columns.size())));
    for (std::size_t i = 0; i < columns.size(); ++i) {
        auto* field = schema->children[i];
        ArrowSchemaInit(field);
        NANOARROW_RETURN_NOT_OK(set_stream_type(field, columns[i].type));
        if (!columns[i].nullable) field->flags &= ~ARROW_FLAG_NULLABLE;
        NANOARROW_RETURN_NOT_OK(ArrowSchemaSetName(field, columns[i].name));
    }
    return NANOARROW_OK;
}

ArrowErrorCode write_batch(ArrowBuffer* out, const std::vector<StreamColumn>& columns,
                           const AppendRows& append, ArrowError* error) {
    nanoarrow::UniqueSchema schema;
    nanoarrow::UniqueArray array;
    nanoarrow::UniqueArrayView view;
    NANOARROW_RETURN_NOT_OK(make_stream_schema(schema.get(), columns));
    NANOARROW_RETURN_NOT_OK(ArrowArrayInitFromSchema(array.get(), schema.get(), error));
    NANOARROW_RETURN_NOT_OK(ArrowArrayStartAppending(array.get()));
    NANOARROW_RETURN_NOT_OK(append(array.get()));
    NANOARROW_RETURN_NOT_OK(ArrowArrayFinishBuildingDefault(array.get(), error));
    NANOARROW_RETURN_NOT_OK(ArrowArrayViewInitFromSchema(view.get(), schema.get(), error));
    NANOARROW_RETURN_NOT_OK(ArrowArrayViewSetArray(view.get(), array.get(), error));
    nanoarrow::ipc::UniqueOutputStream stream;
    nanoarrow::ipc::UniqueWriter writer;
    NANOARROW_RETURN_NOT_OK(ArrowIpcOutputStreamInitBuffer(stream.get(), out));
    NANOARROW_RETURN_NOT_OK(ArrowIpcWriterInit(writer.get(), stream.get()));
    NANOARROW_RETURN_NOT_OK(ArrowIpcWriterWriteSchema(writer.get(), schema.get(), error));
    NANOARROW_RETURN_NOT_OK(ArrowIpcWriterWriteArrayView(writer.get(), view.get(), error));
    return ArrowIpcWriterWriteArrayView(writer.get(), nullptr, error);  // the end of the stream
}

}  // namespace

base::Result<std::vector<StreamColumn>> columns_of_table(const std::vector<StreamColumn>& known,
                                                         const model::Schema& table,
                                                         std::string_view what) {
    if (table.fields.empty()) return known;
    std::vector<StreamColumn> columns;
    for (const auto& field : table.fields) {
        bool is_known = false;
        for (const auto& column : known) {
            if (field.name != column.name) continue;
            columns.push_back(column);
            columns.back().nullable = field.nullable;
            is_known = true;
        }
        if (is_known || field.nullable) continue;  // left out, it is null
        return base::fail(
            base::ErrorKind::failed,
            fmt::format("the deployment's {} has a column '{}' that genevactl does not know", what,
                        field.name),
            "the deployment is newer than this genevactl: update it");
    }
    return columns;
}

base::Result<std::string> write_stream(const std::vector<StreamColumn>& columns,
                                       std::string_view what, const AppendRows& append) {
    nanoarrow::UniqueBuffer out;
    ArrowError error{};
    if (write_batch(out.get(), columns, append, &error) != NANOARROW_OK) {
        return base::fail(base::ErrorKind::internal,
                          fmt::format("cannot write {} as Arrow IPC: {}", what, error.message));
    }
    return std::string(reinterpret_cast<const char*>(out->data),
                       static_cast<std::size_t>(out->size_bytes));
}

}  // namespace genevactl::ns
