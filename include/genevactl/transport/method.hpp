// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "genevactl/transport/transport.hpp"

namespace genevactl::transport {

/// "GET", "HEAD", "POST", "PUT", "DELETE".
std::string_view name_of(Method method);

}  // namespace genevactl::transport
