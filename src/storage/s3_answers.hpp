// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/storage/store.hpp"

/// The XML that S3 answers (Amazon S3 API Reference). Error failed for what is none of it.
namespace genevactl::storage {

struct ObjectPage {
    std::vector<Object> objects;           ///< keys as in the bucket
    std::optional<std::string> next = {};  ///< the token that continues the list
};
/// ListObjectsV2.
base::Result<ObjectPage> read_object_page(const std::string& xml);

struct UploadedPart {
    std::string etag;
    std::uint64_t size = 0;
    std::string sha256;  ///< base64; empty where the store keeps none
};
struct PartPage {
    std::map<int, UploadedPart> parts;  ///< by their numbers
    std::optional<std::string> next = {};
};
/// ListParts.
base::Result<PartPage> read_part_page(const std::string& xml);

/// CreateMultipartUpload: the upload's id.
base::Result<std::string> read_upload_id(const std::string& xml);

/// CompleteMultipartUpload answers 200 before it knows: is it done?
bool is_completed(const std::string& xml);

/// The body of CompleteMultipartUpload.
std::string completion_of(const std::map<int, UploadedPart>& parts);

}  // namespace genevactl::storage
