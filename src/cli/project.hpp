// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "invocation.hpp"

namespace genevactl::cli {

/// `plan` and `apply`.
void add_project(CLI::App& app, Invocation& invocation);

}  // namespace genevactl::cli
