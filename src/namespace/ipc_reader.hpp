// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <nanoarrow/nanoarrow.hpp>

#include "genevactl/base/error.hpp"

namespace genevactl::ns {

/// Decoded rows: every batch is a struct array of the schema's fields, fully validated.
struct IpcContent {
    nanoarrow::UniqueSchema schema;
    struct Batch {
        nanoarrow::UniqueArray array;
        nanoarrow::UniqueArrayView view;
        std::int64_t first_row = 0;
    };
    std::vector<Batch> batches = {};
    std::int64_t rows = 0;
};

/// Decodes an Arrow IPC file or stream (format version 1.5). The bytes are not referred to
/// afterwards.
base::Result<IpcContent> read_ipc(std::string_view bytes);

}  // namespace genevactl::ns
