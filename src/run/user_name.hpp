// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "genevactl/base/surroundings.hpp"

namespace genevactl::run {

/// Whom records of the deployment name, as Python's `getpass.getuser()` finds them: LOGNAME, USER,
/// LNAME, USERNAME, then the system's own table of users; the number of the user if all are silent.
std::string user_name(const base::Surroundings& surroundings);

}  // namespace genevactl::run
