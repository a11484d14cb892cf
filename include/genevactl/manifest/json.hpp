// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "genevactl/base/error.hpp"
#include "genevactl/model/manifest.hpp"

namespace genevactl::manifest {

/// `GenevaManifest.to_json()` of geneva 0.17, byte for byte: keys sorted, separators "," and ":",
/// non-ASCII as \uXXXX (surrogate pairs beyond the BMP).
std::string to_json(const model::Manifest& manifest);
/// `compute_checksum()`: SHA-256 hex of the same encoding without name, checksum and the client's
/// bookkeeping.
std::string checksum_of(const model::Manifest& manifest);

/// Reads a manifest's JSON. Errors (usage): no JSON (with line and column), an unknown or missing
/// field, a value of the wrong type, duplicate keys, nesting too deep, invalid UTF-8; conflict: a
/// checksum that is not the content's (unless `verify` is off).
base::Result<model::ManifestDocument> from_json(std::string_view text, bool verify = true);
/// The same from a file; errors name it.
base::Result<model::ManifestDocument> read(const std::filesystem::path& file, bool verify = true);

}  // namespace genevactl::manifest
