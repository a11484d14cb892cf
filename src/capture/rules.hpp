// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/capture/ignore.hpp"
#include "genevactl/capture/tree.hpp"
#include "repository.hpp"

namespace genevactl::capture {

/// Why something stays here.
struct Reason {
    ExclusionKind kind;
    std::string rule;
};

/// Which files of a workspace stay here, by their paths alone. Paths given to it are relative to
/// the root; ignore files may stand above the root, in the folders of its repository. `options`
/// outlive it.
class Rules {
public:
    Rules(std::string root, const ScanOptions& options);

    /// Reads the ignore files that are in force at the root. Errors: one that cannot be read.
    base::Status begin();
    /// Takes the ignore files of a folder ("" is the root) into force, until leave().
    base::Status enter(const std::string& folder);
    void leave();

    bool is_included(const std::string& path, bool is_directory) const;
    std::optional<Reason> reason_against(const std::string& path, bool is_directory) const;
    /// Is a folder that is left out to be walked all the same, for what --include names below?
    bool may_include_below(const std::string& folder, ExclusionKind kind) const;

private:
    base::Status add(std::vector<IgnoreFile>& files, const std::string& path, std::string base,
                     std::string name);

    std::string m_root;
    const ScanOptions& m_options;
    std::optional<Repository> m_repository;
    std::string m_prefix;  ///< from the repository's top to the root, "" or "a/b/"
    IgnoreFile m_include;
    IgnoreFile m_exclude;
    std::vector<IgnoreFile> m_git;                             ///< weakest first
    std::vector<IgnoreFile> m_own;                             ///< `.genevaignore`, weakest first
    std::vector<std::pair<std::size_t, std::size_t>> m_marks;  ///< sizes of both before enter()
};

}  // namespace genevactl::capture
