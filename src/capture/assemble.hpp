// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "genevactl/capture/capture.hpp"
#include "genevactl/capture/distributions.hpp"

namespace genevactl::capture {

/// A tree with what was found out about it.
struct Walked {
    std::string title;
    Tree tree;
    std::vector<std::string> path_lines = {};
    std::optional<SitePackages> site = {};
    std::vector<Fingerprint> fingerprints = {};
};

/// Cuts what was walked and read into shards: a list each, with the secrets left out, and what does
/// not fit or is not needed noted. Error: interrupted.
base::Result<Contents> assemble(std::vector<Walked> walked, const Sources& sources,
                                const Means& means);

}  // namespace genevactl::capture
