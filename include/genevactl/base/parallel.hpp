// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

#include "genevactl/base/clock.hpp"
#include "genevactl/base/error.hpp"

namespace genevactl::base {

/// Calls `work(i)` for every i below `count`, in order, by `threads` threads (this one among them).
/// The first error ends it and is the answer; an interrupt ends it, too. `work` may be called from
/// several threads at once.
Status for_each_in_parallel(std::size_t count, unsigned threads, const Interrupt& interrupt,
                            const std::function<Status(std::size_t)>& work);

}  // namespace genevactl::base
