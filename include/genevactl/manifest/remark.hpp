// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace genevactl::manifest {

/// Something that should be said and is no error (unpinned requirements, hashes left out, …): a
/// sentence without a final period and, where one helps, what to do.
struct Remark {
    std::string text;
    std::string hint = {};
};

}  // namespace genevactl::manifest
