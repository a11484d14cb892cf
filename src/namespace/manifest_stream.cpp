// SPDX-License-Identifier: Apache-2.0
#include "manifest_stream.hpp"

#include <array>

#include <fmt/format.h>
#include <nanoarrow/nanoarrow.hpp>
#include <nanoarrow/nanoarrow_ipc.hpp>

namespace genevactl::ns {

namespace {

enum class ManifestType : std::uint8_t { text, flag, time, texts, lists_of_texts };

struct ManifestColumn {
    const char* name;
    ManifestType type;
    bool nullable;
};

constexpr std::array k_manifest_columns{
    ManifestColumn{"name", ManifestType::text, false},
    ManifestColumn{"version", ManifestType::text, true},
    ManifestColumn{"pip", ManifestType::texts, false},
    ManifestColumn{"py_modules", ManifestType::texts, false},
    ManifestColumn{"head_image", ManifestType::text, true},
    ManifestColumn{"worker_image", ManifestType::text, true},
    ManifestColumn{"skip_site_packages", ManifestType::flag, false},
    ManifestColumn{"delete_local_zips", ManifestType::flag, false},
    ManifestColumn{"local_zip_output_dir", ManifestType::text, true},
    ManifestColumn{"zips", ManifestType::lists_of_texts, false},
    ManifestColumn{"checksum", ManifestType::text, true},
    ManifestColumn{"created_at", ManifestType::time, false},
    ManifestColumn{"created_by", ManifestType::text, false},
    ManifestColumn{"requirements_path", ManifestType::text, true},
    ManifestColumn{"conda", ManifestType::text, false},
    ManifestColumn{"conda_environment_path", ManifestType::text, true},
    ManifestColumn{"env_vars", ManifestType::text, false},
    ManifestColumn{"pip_extra_index_urls", ManifestType::texts, false},
};

ArrowErrorCode set_list(ArrowSchema* schema, int depth) {
    NANOARROW_RETURN_NOT_OK(ArrowSchemaSetType(schema, NANOARROW_TYPE_LIST));
    auto* item = schema->children[0];
    NANOARROW_RETURN_NOT_OK(depth > 1 ? set_list(item, depth - 1)
                                      : ArrowSchemaSetType(item, NANOARROW_TYPE_STRING));
    return ArrowSchemaSetName(item, "item");
}

ArrowErrorCode set_column(ArrowSchema* schema, const ManifestColumn& column) {
    ArrowSchemaInit(schema);
    switch (column.type) {
        case ManifestType::text:
            NANOARROW_RETURN_NOT_OK(ArrowSchemaSetType(schema, NANOARROW_TYPE_STRING));
            break;
        case ManifestType::flag:
            NANOARROW_RETURN_NOT_OK(ArrowSchemaSetType(schema, NANOARROW_TYPE_BOOL));
            break;
        case ManifestType::time:
            NANOARROW_RETURN_NOT_OK(ArrowSchemaSetTypeDateTime(schema, NANOARROW_TYPE_TIMESTAMP,
                                                               NANOARROW_TIME_UNIT_MICRO, "UTC"));
            break;
        case ManifestType::texts:
            NANOARROW_RETURN_NOT_OK(set_list(schema, 1));
            break;
        case ManifestType::lists_of_texts:
            NANOARROW_RETURN_NOT_OK(set_list(schema, 2));
            break;
    }
    if (!column.nullable) schema->flags &= ~ARROW_FLAG_NULLABLE;
    return ArrowSchemaSetName(schema, column.name);
}

ArrowErrorCode write_manifests_schema(ArrowBuffer* out, ArrowError* error) {
    nanoarrow::UniqueSchema schema;
    ArrowSchemaInit(schema.get());
    NANOARROW_RETURN_NOT_OK(ArrowSchemaSetTypeStruct(schema.get(), k_manifest_columns.size()));
    for (std::size_t i = 0; i < k_manifest_columns.size(); ++i) {
        NANOARROW_RETURN_NOT_OK(set_column(schema->children[i], k_manifest_columns[i]));
    }
    // A batch without rows: a deployment takes a stream without any batch for no data at all.
    nanoarrow::UniqueArray array;
    nanoarrow::UniqueArrayView view;
    NANOARROW_RETURN_NOT_OK(ArrowArrayInitFromSchema(array.get(), schema.get(), error));
    NANOARROW_RETURN_NOT_OK(ArrowArrayStartAppending(array.get()));
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

base::Result<std::string> empty_manifests_stream() {
    nanoarrow::UniqueBuffer out;
    ArrowError error{};
    if (write_manifests_schema(out.get(), &error) != NANOARROW_OK) {
        return base::fail(
            base::ErrorKind::internal,
            fmt::format("cannot write the table of manifests as Arrow IPC: {}", error.message));
    }
    return std::string(reinterpret_cast<const char*>(out->data),
                       static_cast<std::size_t>(out->size_bytes));
}

}  // namespace genevactl::ns
