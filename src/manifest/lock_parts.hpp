// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/manifest/lock.hpp"
#include "toml_tree.hpp"
#include "worker.hpp"

namespace genevactl::manifest {

/// A package as a lock file pins it, whatever the file's format.
struct LockedPackage {
    std::string name;
    std::string version = {};
    std::string url = {};                  ///< of a direct reference, as a requirement has it
    std::string index = {};                ///< "" is the usual one
    bool is_here = false;                  ///< a folder or file of this machine
    std::vector<std::string> wheels = {};  ///< file names
    bool has_source = true;
};

/// Gathers what a lock file installs, and checks it.
class LockList {
public:
    /// `file` as errors name it.
    LockList(std::string file, const LockTarget& target, const Worker& worker)
        : m_file(std::move(file)), m_target(target), m_worker(worker) {}

    const LockTarget& target() const { return m_target; }
    const Worker& worker() const { return m_worker; }

    base::Error error(std::string what, std::string hint = {}) const;
    /// marker_holds() with a problem as an error.
    base::Result<bool> holds(std::string_view marker, const MarkerEnvironment& environment) const;
    /// Error if none of the markers, of which there are some, holds for the worker.
    base::Status check_environments(const std::vector<std::string>& markers) const;
    /// Error if the worker's Python is none of "requires-python".
    base::Status check_python(std::string_view requires_python) const;
    /// Error naming those that the target asks for and the project does not have.
    base::Status check_names(std::string_view what, const std::vector<std::string>& asked,
                             const std::vector<std::string>& there) const;

    base::Status add(const LockedPackage& package);
    /// Error if packages were added that only this machine has.
    base::Result<LockedRequirements> finish();

private:
    base::Status add_index(const std::string& url);
    base::Status check_files(const LockedPackage& package);

    std::string m_file;
    const LockTarget& m_target;
    const Worker& m_worker;
    std::map<std::string, std::pair<std::string, std::string>> m_lines;  ///< name: version, line
    std::vector<std::string> m_here, m_from_source, m_references;
    LockedRequirements m_result;
};

/// The last part of a URL or path, without query and fragment.
std::string file_name_of(std::string_view url);
/// `NAME @ git+URL@COMMIT#subdirectory=…`'s part behind the "@".
std::string git_reference(std::string_view url, std::string_view commit,
                          std::string_view subdirectory);

base::Status read_uv_lock(const JsonValue& root, LockList& list);
base::Status read_pylock(const JsonValue& root, LockList& list);
/// `project` is what the pyproject.toml beside the lock file says; null if there is none.
base::Status read_poetry_lock(const JsonValue& root, const JsonValue& project, LockList& list);

/// Does the version satisfy a constraint as poetry writes it ("^1.2", ">=1,<2 || >3", "*")?
bool poetry_allows(std::string_view constraint, std::string_view version);

}  // namespace genevactl::manifest
