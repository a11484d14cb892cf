// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "genevactl/manifest/remark.hpp"
#include "genevactl/model/manifest.hpp"

namespace genevactl::manifest {

/// What every kind of manifest can be given.
struct BuilderOptions {
    std::string name = {};
    std::vector<std::pair<std::string, std::string>> env_vars = {};
    std::vector<std::string> py_modules = {};
    std::optional<std::string> head_image = {};
    std::optional<std::string> worker_image = {};
    std::optional<std::string> version = {};
};

/// A manifest and what should be said of it.
struct Built {
    model::Manifest manifest;
    std::vector<Remark> remarks;
};

}  // namespace genevactl::manifest
