// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "genevactl/base/error.hpp"
#include "genevactl/model/manifest.hpp"

namespace genevactl::manifest {

/// `GenevaManifest.to_json()` of geneva 0.17, byte for byte: keys sorted, separators "," and ":",
/// non-ASCII as \uXXXX (surrogate pairs beyond the BMP). An empty checksum is computed.
std::string to_json(const model::Manifest& manifest);
/// `compute_checksum()`: SHA-256 hex of the same encoding without name, checksum and the client's
/// bookkeeping.
std::string checksum_of(const model::Manifest& manifest);

/// Reads a manifest's JSON; the document's `json` is to_json() of what was read. The client's
/// bookkeeping (created_at, created_by, delete_local_zips, local_zip_output_dir) is passed over, as
/// the client's own to_json() does. Errors (usage), each with line and column: no JSON, an unknown
/// or missing field, a value of the wrong type, a key given twice, nesting deeper than 32, invalid
/// UTF-8, a lone surrogate (which only Python's strings can hold); conflict: a checksum that is not
/// the content's. With `verify` off the checksum may be missing or wrong: `manifest` keeps it
/// (empty if there is none), `json` has the right one.
base::Result<model::ManifestDocument> from_json(std::string_view text, bool verify = true);
/// The same from a file; errors name it.
base::Result<model::ManifestDocument> read(const std::filesystem::path& file, bool verify = true);

}  // namespace genevactl::manifest
