// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "s3_wire.hpp"

namespace genevactl::storage {

/// Files above this are sent in parts.
inline constexpr std::uint64_t k_s3_multipart_above = std::uint64_t{64} << 20U;  // bytes

/// Bytes of each part but the last: 16 MiB, or what makes at most 10,000 parts of the file.
std::uint64_t s3_part_size(std::uint64_t size);

/// Sends a file in parts, several at once, as one object; nothing is to be seen of it before all
/// are there. An upload that was cut off is gone on with where the store's SHA-256 of a part is the
/// file's: the parts are compared, since packing the same content twice may give other bytes. One
/// that fails for good is aborted; after a broken connection or an interrupt it is kept for the
/// next time.
base::Status s3_upload_in_parts(S3Wire& wire, const std::string& key,
                                const std::filesystem::path& file, std::uint64_t size);

}  // namespace genevactl::storage
