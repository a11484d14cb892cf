// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "genevactl/base/clock.hpp"
#include "genevactl/base/error.hpp"
#include "genevactl/run/session.hpp"

namespace genevactl::run {

/// The time that --since means: a time, or an age that ends now. Kind usage for neither.
base::Result<base::WallTime> since_of(const Session& session, const std::string& text);

}  // namespace genevactl::run
