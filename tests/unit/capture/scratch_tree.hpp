// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "genevactl/base/files.hpp"
#include "genevactl/capture/fingerprint.hpp"
#include "genevactl/capture/tree.hpp"
#include "support/catch.hpp"

namespace genevactl::capture::testing {

inline const OnBytes k_quiet = [](std::uint64_t) {};

/// A folder of the test's own, gone at its end.
class ScratchTree {
public:
    std::filesystem::path write(std::string_view name, std::string_view content = "x") {
        const auto path = root() / name;
        std::filesystem::create_directories(path.parent_path());
        REQUIRE(base::write_atomic(path, content));
        return path;
    }
    /// The folder without links in its path.
    std::filesystem::path root() const { return std::filesystem::canonical(m_folder.path()); }

private:
    base::TemporaryDirectory m_folder = base::TemporaryDirectory::create("genevactl-test").value();
};

using Texts = std::vector<std::string>;

inline Texts paths_of(const Tree& tree) {
    Texts paths;
    for (const auto& file : tree.files) {
        paths.push_back(file.path);
    }
    return paths;
}

/// The rule that left a path out, or "".
inline std::string rule_of(const Tree& tree, std::string_view path) {
    const auto found = std::ranges::find(tree.exclusions, path, &Exclusion::path);
    return found == tree.exclusions.end() ? "" : found->rule;
}

}  // namespace genevactl::capture::testing
