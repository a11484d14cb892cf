// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "genevactl/base/files.hpp"
#include "support/catch.hpp"

namespace genevactl::manifest::testing {

/// Files in a folder of the test's own, gone at its end.
class ScratchFiles {
public:
    std::filesystem::path write(std::string_view name, std::string_view content) {
        const auto path = m_folder.path() / name;
        REQUIRE(base::write_atomic(path, content));
        return path;
    }
    std::string text(std::string_view name) const { return (m_folder.path() / name).string(); }

private:
    base::TemporaryDirectory m_folder = base::TemporaryDirectory::create("genevactl-test").value();
};

inline bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

}  // namespace genevactl::manifest::testing
