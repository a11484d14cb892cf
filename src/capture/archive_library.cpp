// SPDX-License-Identifier: Apache-2.0
#include "archive_library.hpp"

#include <dlfcn.h>

#include <optional>
#include <type_traits>

namespace genevactl::capture {

namespace {

std::optional<ArchiveLibrary> load_library() {
    void* handle = ::dlopen("libarchive.so.13", RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
        return std::nullopt;
    }
    ArchiveLibrary library;
    bool complete = true;
    const auto load = [&](auto& function, const char* name) {
        function =
            reinterpret_cast<std::remove_reference_t<decltype(function)>>(::dlsym(handle, name));
        complete = complete && function != nullptr;
    };
    load(library.read_new, "archive_read_new");
    load(library.read_free, "archive_read_free");
    load(library.support_zip, "archive_read_support_format_zip_seekable");
    load(library.set_read, "archive_read_set_read_callback");
    load(library.set_seek, "archive_read_set_seek_callback");
    load(library.set_data, "archive_read_set_callback_data");
    load(library.open, "archive_read_open1");
    load(library.next_header, "archive_read_next_header");
    load(library.read_data, "archive_read_data");
    load(library.error_string, "archive_error_string");
    return complete ? std::optional(library) : std::nullopt;
}

}  // namespace

const ArchiveLibrary* archive_library() {
    static const auto s_library = load_library();
    return s_library ? &*s_library : nullptr;
}

}  // namespace genevactl::capture
