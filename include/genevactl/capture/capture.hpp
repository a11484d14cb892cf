// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "genevactl/base/clock.hpp"
#include "genevactl/base/error.hpp"
#include "genevactl/capture/fingerprint.hpp"
#include "genevactl/capture/shard.hpp"
#include "genevactl/capture/tree.hpp"

namespace genevactl::capture {

/// A workspace folder, and the folders below it that workers are to have on sys.path, too.
struct Workspace {
    std::string root;                          ///< absolute
    std::vector<std::string> path_lines = {};  ///< "src"
};

/// The workspace of a working directory: the nearest folder upwards with pyproject.toml, setup.py
/// or .git, but not the home folder or above it; the working directory itself if there is none.
/// What the working directory's own modules are called stays right: below the root it is one of the
/// path lines, and so is `src` of a src layout.
Workspace find_workspace(const std::filesystem::path& working_directory,
                         const std::optional<std::filesystem::path>& home);
/// A workspace that was named: it is taken as it is, with `src` if it has that layout.
Workspace named_workspace(const std::filesystem::path& folder);

/// Where the workers run: "linux_x86_64" or "linux_aarch64", and Python's version, "3.11".
struct Target {
    std::string platform;
    std::string python;
};

/// What is to be captured.
struct Sources {
    std::vector<Workspace> workspaces;
    std::vector<std::string> site_packages;  ///< folders, absolute
    ScanOptions scan;
    Target target;
};

/// A file whose name or content says that it holds a secret: it stays here, unless it was allowed.
struct Secret {
    std::string path;  ///< absolute
    std::string why;
};

/// A native module or wheel that the workers cannot load.
struct Misfit {
    std::string what;  ///< "numpy 2.1.0", or the file
    std::string why;   ///< "built for aarch64, the workers are linux_x86_64"
};

/// An editable project, and where its code was taken from.
struct EditableSource {
    std::string project;
    std::string location;
};

/// What a capture has: nothing is written or sent yet.
struct Contents {
    std::vector<ShardList> lists;  ///< the workspace first, in the order of sys.path
    std::vector<Tree> trees;       ///< as they were walked, exclusions with them
    std::vector<Secret> secrets;   ///< left out
    std::vector<Misfit> misfits;
    std::vector<EditableSource> editables;
    std::vector<std::string> shadowed;  ///< captured distributions that the workers have themselves

    std::uint64_t files() const;
    std::uint64_t bytes() const;
};

/// How the work is done.
struct Means {
    std::filesystem::path cache_file;
    unsigned threads = 1;
    base::WallTime now;
    const base::Interrupt* interrupt = nullptr;
    OnBytes on_bytes = [](std::uint64_t) {};
    /// For a question about some files: only the content of those is read, and the shards of the
    /// others have no digest worth the name.
    std::function<bool(const File&)> wanted = {};
    bool may_be_empty = false;  ///< to find nothing is no error
};

/// Walks the sources, reads what the cache does not know, and cuts it into shards. Errors: those of
/// the walk and of read_site_packages(); failed when there is nothing to capture.
base::Result<Contents> examine(const Sources& sources, const Means& means);

}  // namespace genevactl::capture
