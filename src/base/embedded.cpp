// SPDX-License-Identifier: Apache-2.0
#include "genevactl/base/embedded.hpp"

#include <fmt/format.h>

#include "genevactl/base/digest.hpp"
#include "genevactl/base/files.hpp"
#include "genevactl/base/try.hpp"

namespace genevactl::base {

namespace {

namespace fs = std::filesystem;

std::string digest_of(const std::vector<EmbeddedFile>& files) {
    std::string all;
    for (const auto& file : files) {
        all += fmt::format("{}\n{}\n", file.path, file.content.size());
        all += file.content;
    }
    return sha256_hex(all);
}

/// Every file there with its bytes; what Python adds beside (__pycache__) does not matter.
bool is_whole(const std::vector<EmbeddedFile>& files, const fs::path& folder) {
    for (const auto& file : files) {
        const auto content = read_file(folder / file.path);
        if (!content || *content != file.content) {
            return false;
        }
    }
    return true;
}

Status write_all(const std::vector<EmbeddedFile>& files, const fs::path& folder) {
    for (const auto& file : files) {
        GENEVACTL_CHECK(create_private_directory((folder / file.path).parent_path()));
        GENEVACTL_CHECK(write_atomic(folder / file.path, file.content, 0600));
    }
    return {};
}

}  // namespace

Result<fs::path> unpack(const std::vector<EmbeddedFile>& files, std::string_view name,
                        const fs::path& cache) {
    GENEVACTL_CHECK(create_private_directory(cache));
    const auto folder = cache / fmt::format("{}-{}", name, digest_of(files).substr(0, 16));
    if (is_whole(files, folder)) {
        return folder;
    }
    const auto fresh = cache / fmt::format(".{}-{}.tmp", name, random_hex(8));
    const auto spoiled = cache / fmt::format(".{}-{}.old", name, random_hex(8));
    std::error_code error;
    if (const auto written = write_all(files, fresh); !written) {
        fs::remove_all(fresh, error);
        return fail(written.error());
    }
    fs::rename(folder, spoiled, error);  // fails when there is none, which is the usual case
    fs::rename(fresh, folder, error);
    const auto rename_error = error;
    fs::remove_all(spoiled, error);
    fs::remove_all(fresh, error);
    // Another program may have been faster; what counts is what is there now.
    if (rename_error && !is_whole(files, folder)) {
        return fail(ErrorKind::failed, fmt::format("cannot unpack into {}: {}", folder.string(),
                                                   rename_error.message()));
    }
    return folder;
}

}  // namespace genevactl::base
