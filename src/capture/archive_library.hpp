// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <archive.h>
#include <archive_entry.h>

namespace genevactl::capture {

/// The functions of libarchive that are used here; it is opened when first needed, since it brings
/// a dozen shared libraries that no other command is to pay for.
struct ArchiveLibrary {
    decltype(&::archive_read_new) read_new = nullptr;
    decltype(&::archive_read_free) read_free = nullptr;
    decltype(&::archive_read_support_format_zip_seekable) support_zip = nullptr;
    decltype(&::archive_read_set_read_callback) set_read = nullptr;
    decltype(&::archive_read_set_seek_callback) set_seek = nullptr;
    decltype(&::archive_read_set_callback_data) set_data = nullptr;
    decltype(&::archive_read_open1) open = nullptr;
    decltype(&::archive_read_next_header) next_header = nullptr;
    decltype(&::archive_read_data) read_data = nullptr;
    decltype(&::archive_error_string) error_string = nullptr;
};

/// Null where libarchive 3 is not installed.
const ArchiveLibrary* archive_library();

}  // namespace genevactl::capture
