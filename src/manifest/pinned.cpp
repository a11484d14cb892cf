// SPDX-License-Identifier: Apache-2.0
#include "genevactl/manifest/requirement.hpp"
#include "pep508.hpp"
#include "python_text.hpp"

namespace genevactl::manifest {

bool is_pinned(std::string_view requirement) {
    const auto text = strip(requirement.substr(0, find_comment(requirement)));
    const auto parsed = parse_requirement(text);
    if (!parsed || !parsed->url.empty()) {
        return true;  // not judged, or a direct reference
    }
    if (parsed->specifiers.size() != 1) {
        return false;
    }
    const auto& only = parsed->specifiers.front();
    return (only.op == "==" || only.op == "===") && only.version.find('*') == std::string::npos;
}

}  // namespace genevactl::manifest
