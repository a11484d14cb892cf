// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "genevactl/base/error.hpp"
#include "genevactl/base/surroundings.hpp"

namespace genevactl::local {

/// A Python installation to make an environment from (never itself an environment).
struct BasePython {
    std::filesystem::path executable;
    int minor = 0;
    std::string version;         ///< "3.11.2"
    bool can_make_venv = false;  ///< it has both venv and ensurepip
};

/// The named interpreter, or the first of python3, python3.13 … python3.10 on PATH that the pinned
/// geneva runs on. Errors: not_found (no such program, none that fits), usage (named and unfit),
/// failed (it does not run), each with what to install.
base::Result<BasePython> find_base_python(const base::Surroundings& surroundings,
                                          const std::optional<std::filesystem::path>& named);

}  // namespace genevactl::local
