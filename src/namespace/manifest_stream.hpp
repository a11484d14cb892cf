// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "genevactl/base/error.hpp"

namespace genevactl::ns {

/// The table of named manifests without a row, as an Arrow IPC stream: the schema that the client
/// of geneva 0.17 makes it with (observed).
base::Result<std::string> empty_manifests_stream();

}  // namespace genevactl::ns
