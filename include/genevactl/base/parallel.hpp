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

/// Calls `make(i, slot)` for every i below `count` by `threads` threads, and `take(i, slot)` for
/// each in order by this one, while the next are made: a pipeline whose results wait in `slots`
/// places. No slot is made into before it was taken from. The first error ends it and is the
/// answer.
Status make_and_take(std::size_t count, unsigned threads, std::size_t slots,
                     const std::function<Status(std::size_t, std::size_t)>& make,
                     const std::function<Status(std::size_t, std::size_t)>& take);

}  // namespace genevactl::base
