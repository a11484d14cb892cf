// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/model/names.hpp"
#include "genevactl/model/schema.hpp"
#include "genevactl/model/snapshot.hpp"
#include "genevactl/namespace/named_manifests.hpp"
#include "genevactl/namespace/rows.hpp"

namespace genevactl::ns {

/// `__system/geneva_manifests`.
const model::ObjectId& manifests_table();

/// A row of it as the manifest's own JSON, its checksum computed: the stored one may be older than
/// the uploads that the row names.
model::PinnedManifest manifest_from_row(const Rows& rows, std::int64_t row);

/// The table of named manifests without a row, as an Arrow IPC stream: the schema that the client
/// of geneva 0.17 makes it with (observed).
base::Result<std::string> empty_manifests_stream();

/// The manifest as a stream of one row with the columns that the table has. Error kind failed if
/// the table wants a column that we do not know.
base::Result<std::string> manifest_stream(const NamedManifest& manifest,
                                          const model::Schema& table);

}  // namespace genevactl::ns
