// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

#include "genevactl/base/clock.hpp"
#include "genevactl/base/error.hpp"

namespace genevactl::capture {

/// Calls `work(i)` for every i below `count`, in order, by `threads` threads (this one among them).
/// The first error ends it and is the answer; an interrupt ends it, too. `work` may be called from
/// several threads at once.
base::Status for_each_in_parallel(std::size_t count, unsigned threads,
                                  const base::Interrupt& interrupt,
                                  const std::function<base::Status(std::size_t)>& work);

}  // namespace genevactl::capture
