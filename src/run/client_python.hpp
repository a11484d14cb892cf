// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "genevactl/base/error.hpp"
#include "genevactl/run/session.hpp"

namespace genevactl::run {

/// "3.11": the Python version of the interpreter that has geneva, as client and workers have the
/// same one. A note says which it is and what it is taken for (`doing`: "pinning"). Error usage
/// when there is none, naming the option that says it instead.
base::Result<std::string> client_python(Session& session, std::string_view option,
                                        std::string_view doing);

}  // namespace genevactl::run
