// SPDX-License-Identifier: Apache-2.0
// Writes rows of the table of named manifests as an Arrow IPC stream, as the client of geneva 0.17
// writes them (observed): `conda` and `env_vars` as JSON text, no local archives.
#include <fmt/format.h>
#include <nanoarrow/nanoarrow.hpp>
#include <nlohmann/json.hpp>

#include "api_json.hpp"
#include "genevactl/base/try.hpp"
#include "ipc_writer.hpp"
#include "manifest_rows.hpp"

namespace genevactl::ns {

namespace {

using ColumnType = StreamColumn::Type;
using nlohmann::json;

const std::vector<StreamColumn>& manifest_columns() {
    static const std::vector<StreamColumn> columns = {
        {"name", ColumnType::text, false},
        {"version", ColumnType::text, true},
        {"pip", ColumnType::texts, false},
        {"py_modules", ColumnType::texts, false},
        {"head_image", ColumnType::text, true},
        {"worker_image", ColumnType::text, true},
        {"skip_site_packages", ColumnType::flag, false},
        {"delete_local_zips", ColumnType::flag, false},
        {"local_zip_output_dir", ColumnType::text, true},
        {"zips", ColumnType::lists_of_texts, false},
        {"checksum", ColumnType::text, true},
        {"created_at", ColumnType::time, false},
        {"created_by", ColumnType::text, false},
        {"requirements_path", ColumnType::text, true},
        {"conda", ColumnType::text, false},
        {"conda_environment_path", ColumnType::text, true},
        {"env_vars", ColumnType::text, false},
        {"pip_extra_index_urls", ColumnType::texts, false},
    };
    return columns;
}

/// `json.dumps(value)` of Python, with its blanks after separators.
std::string python_json(const json& value) {
    std::string text;
    if (value.is_object()) {
        for (const auto& [name, member] : value.items()) {
            text += (text.empty() ? "" : ", ") + python_json(name) + ": " + python_json(member);
        }
        return "{" + text + "}";
    }
    if (value.is_array()) {
        for (const auto& item : value) {
            text += (text.empty() ? "" : ", ") + python_json(item);
        }
        return "[" + text + "]";
    }
    return value.dump(-1, ' ', true, json::error_handler_t::replace);
}

ArrowErrorCode append_cell(ArrowArray* array, const std::string& text) {
    return ArrowArrayAppendString(array, {text.data(), static_cast<std::int64_t>(text.size())});
}

ArrowErrorCode append_list(ArrowArray* array, const json& value) {
    for (const auto& item : value) {
        if (item.is_array()) {
            NANOARROW_RETURN_NOT_OK(append_list(array->children[0], item));
        } else {
            NANOARROW_RETURN_NOT_OK(append_cell(array->children[0], item.get<std::string>()));
        }
    }
    return ArrowArrayFinishElement(array);
}

ArrowErrorCode append(ArrowArray* array, const StreamColumn& column, const json& value) {
    switch (column.type) {
        case ColumnType::text:
            if (value.is_object()) return append_cell(array, python_json(value));
            return value.is_string() ? append_cell(array, value.get<std::string>())
                                     : ArrowArrayAppendNull(array, 1);
        case ColumnType::flag:
            return ArrowArrayAppendInt(array, value == true ? 1 : 0);
        case ColumnType::time:
            return ArrowArrayAppendInt(array, value.get<std::int64_t>());
        case ColumnType::texts:
        case ColumnType::lists_of_texts:
            return append_list(array, value);
    }
    return EINVAL;
}

}  // namespace

base::Result<std::string> empty_manifests_stream() {
    return write_stream(manifest_columns(), "the table of manifests",
                        [](ArrowArray*) { return 0; });
}

base::Result<std::string> manifest_stream(const NamedManifest& manifest,
                                          const model::Schema& table) {
    GENEVACTL_TRY(const auto columns,
                  columns_of_table(manifest_columns(), table, "table of manifests"));
    auto row = parse_json(manifest.manifest.json).value_or(json::object());
    row["delete_local_zips"] = false;
    row["created_by"] = manifest.created_by;
    row["created_at"] = manifest.created_at.value_or(base::WallTime()).time_since_epoch().count();
    return write_stream(columns, "a manifest", [&](ArrowArray* rows) {
        for (std::size_t i = 0; i < columns.size(); ++i) {
            NANOARROW_RETURN_NOT_OK(
                append(rows->children[i], columns[i], row.value(columns[i].name, json())));
        }
        return ArrowArrayFinishElement(rows);
    });
}

}  // namespace genevactl::ns
