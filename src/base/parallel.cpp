// SPDX-License-Identifier: Apache-2.0
#include "genevactl/base/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace genevactl::base {

Status for_each_in_parallel(std::size_t count, unsigned threads, const Interrupt& interrupt,
                            const std::function<Status(std::size_t)>& work) {
    std::atomic<std::size_t> next = 0;
    std::atomic<bool> ended = false;
    std::mutex mutex;
    std::optional<Error> first;
    const auto end_with = [&](Error error) {
        const std::scoped_lock lock(mutex);
        if (!first) {
            first = std::move(error);
        }
        ended = true;
    };
    const auto run = [&] {
        while (!ended) {
            const auto index = next++;
            if (index >= count) {
                return;
            }
            if (const auto signal = interrupt.signal(); signal != 0) {
                return end_with(interruption(signal));
            }
            try {
                if (auto done = work(index); !done) {
                    return end_with(std::move(done).error());
                }
            } catch (const std::bad_alloc&) {
                return end_with({.message = "out of memory"});
            }
        }
    };
    const auto helpers =
        std::min<std::size_t>(std::max(threads, 1U), std::max<std::size_t>(count, 1)) - 1;
    std::vector<std::jthread> pool;
    for (std::size_t i = 0; i < helpers; ++i) {
        pool.emplace_back(run);
    }
    run();
    pool.clear();
    if (first) {
        return fail(std::move(*first));
    }
    return {};
}

}  // namespace genevactl::base
