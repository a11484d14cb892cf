// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "genevactl/base/digest.hpp"
#include "genevactl/base/error.hpp"
#include "genevactl/transport/transport.hpp"

namespace genevactl::storage {

/// Calls `take` with the bytes of a slice of a file, piece by piece; error failed if it cannot be
/// read or is shorter.
base::Status read_slice(const transport::FileSlice& slice,
                        const std::function<void(std::string_view)>& take);

/// SHA-256 of a slice of a file; error failed if it cannot be read or is shorter.
base::Result<base::Digest> sha256_of(const transport::FileSlice& slice);

/// The file's size in bytes.
base::Result<std::uint64_t> size_of_file(const std::filesystem::path& path);

/// A digest's bytes in base64, as checksums travel in headers.
std::string base64_of(const base::Digest& digest);

/// The file as slices of `part` bytes, the last one shorter.
std::vector<transport::FileSlice> slices_of(const std::filesystem::path& path, std::uint64_t size,
                                            std::uint64_t part);

}  // namespace genevactl::storage
