// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "genevactl/base/descriptor.hpp"
#include "genevactl/base/error.hpp"

namespace genevactl::storage {

/// How to go on with the upload of an object, should this process be killed: a private file for
/// each object, locked while a process of this machine sends that object. What is written in it is
/// the store's business.
class UploadRecord {
public:
    /// Nothing if another process sends the same object now, or if the folder cannot be used: the
    /// upload then does without.
    static std::optional<UploadRecord> open(const std::filesystem::path& folder,
                                            std::string_view uri);

    /// What was written last, or "".
    std::string text() const;
    base::Status write(std::string_view text);
    /// The upload is over: the record goes.
    void remove();

private:
    UploadRecord(base::Descriptor file, std::filesystem::path path)
        : m_file(std::move(file)), m_path(std::move(path)) {}

    base::Descriptor m_file;
    std::filesystem::path m_path;
};

}  // namespace genevactl::storage
