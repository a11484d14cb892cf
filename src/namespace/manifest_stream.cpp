// SPDX-License-Identifier: Apache-2.0
#include "manifest_stream.hpp"

#include "ipc_writer.hpp"

namespace genevactl::ns {

base::Result<std::string> empty_manifests_stream() {
    using Type = StreamColumn::Type;
    const std::vector<StreamColumn> columns = {
        {"name", Type::text, false},
        {"version", Type::text, true},
        {"pip", Type::texts, false},
        {"py_modules", Type::texts, false},
        {"head_image", Type::text, true},
        {"worker_image", Type::text, true},
        {"skip_site_packages", Type::flag, false},
        {"delete_local_zips", Type::flag, false},
        {"local_zip_output_dir", Type::text, true},
        {"zips", Type::lists_of_texts, false},
        {"checksum", Type::text, true},
        {"created_at", Type::time, false},
        {"created_by", Type::text, false},
        {"requirements_path", Type::text, true},
        {"conda", Type::text, false},
        {"conda_environment_path", Type::text, true},
        {"env_vars", Type::text, false},
        {"pip_extra_index_urls", Type::texts, false},
    };
    return write_stream(columns, "the table of manifests", [](ArrowArray*) { return 0; });
}

}  // namespace genevactl::ns
