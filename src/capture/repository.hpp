// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace genevactl::capture {

/// The git repository that a folder is in.
struct Repository {
    std::string top;           ///< the folder of `.git`
    std::string path_of_root;  ///< from the top to the folder: "" or "a/b/"
    std::string exclude_file;  ///< `info/exclude` of the repository; may be missing
};

/// Looks upwards from an absolute folder. A `.git` file (of a worktree or a submodule:
/// gitrepository-layout(5)) is followed.
std::optional<Repository> find_repository(const std::string& folder);

}  // namespace genevactl::capture
