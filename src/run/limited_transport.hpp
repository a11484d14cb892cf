// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "genevactl/base/clock.hpp"
#include "genevactl/transport/transport.hpp"

namespace genevactl::run {

/// A transport all of whose requests together take no longer than `time` from now: each gets what
/// is left (`usual` at most, where it says nothing else), and one that comes too late is an error
/// (unreachable). `clock` outlives it.
std::unique_ptr<transport::Transport> limited(std::unique_ptr<transport::Transport> inner,
                                              base::Clock& clock, base::Microseconds time,
                                              base::Microseconds usual);

}  // namespace genevactl::run
