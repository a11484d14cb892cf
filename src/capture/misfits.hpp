// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "genevactl/capture/capture.hpp"

namespace genevactl::capture {

/// Why a native module does not fit the target, or nothing.
std::optional<std::string> misfit_of_module(Looks looks, const Target& target);

/// Why no tag of a wheel (PEP 425, "cp311-cp311-manylinux_2_17_x86_64") fits the target, or
/// nothing. No tags at all fit.
std::optional<std::string> misfit_of_tags(const std::vector<std::string>& tags,
                                          const Target& target);

}  // namespace genevactl::capture
