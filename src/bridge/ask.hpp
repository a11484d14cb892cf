// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "genevactl/base/error.hpp"
#include "genevactl/base/surroundings.hpp"
#include "genevactl/bridge/bridge.hpp"

namespace genevactl::bridge {

/// Runs the Python side with a request document and gives its answer document, both JSON text.
/// `about` names the subject in errors. Errors: failed (no answer: the interpreter crashed, with
/// its last words where they were kept), those of the process runner.
base::Result<std::string> ask(const base::Surroundings& surroundings,
                              const Interpreter& interpreter, std::string request,
                              const std::string& about);

}  // namespace genevactl::bridge
