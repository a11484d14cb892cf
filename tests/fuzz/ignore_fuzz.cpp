// SPDX-License-Identifier: Apache-2.0
// Reads arbitrary bytes as an ignore file, and asks it about the path that is their first line.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "genevactl/capture/ignore.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using genevactl::capture::IgnoreFile;
    const std::string_view all(reinterpret_cast<const char*>(data), size);
    const auto path = all.substr(0, all.find('\n'));
    const auto text = all.substr(path.size());
    for (const auto* base : {"", "a/b/"}) {
        const IgnoreFile file(".gitignore", base, text);
        const auto as_file = file.match(path, false);
        const auto as_folder = file.match(path, true);
        // What leaves out files of that name leaves out a folder of it, too.
        if (as_file && as_file->ignored && !as_folder) std::abort();
        if (as_file && as_file->origin.empty()) std::abort();
        if (file.empty() && (as_file || file.may_match_below(path))) std::abort();
        file.may_match_below(path, IgnoreFile::Which::anchored);
    }
    return 0;
}
