// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "genevactl/base/error.hpp"

namespace genevactl::base {

/// A file compiled into the program (cmake/embed.cmake); `path` is relative, with forward slashes.
struct EmbeddedFile {
    std::string_view path;
    std::string_view content;
};

/// Unpacks the files into `cache/NAME-DIGEST` (the digest covers paths and contents), unless that
/// is there already and whole, and returns the folder. Written beside and renamed, so that two
/// programs may do it at once.
Result<std::filesystem::path> unpack(const std::vector<EmbeddedFile>& files, std::string_view name,
                                     const std::filesystem::path& cache);

}  // namespace genevactl::base
