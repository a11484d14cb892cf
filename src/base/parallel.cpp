// SPDX-License-Identifier: Apache-2.0
#include "genevactl/base/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace genevactl::base {

namespace {

Status guarded(const std::function<Status()>& work) {
    try {
        return work();
    } catch (const std::bad_alloc&) {
        return fail({.message = "out of memory"});
    }
}

}  // namespace

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
            if (auto done = guarded([&] { return work(index); }); !done) {
                return end_with(std::move(done).error());
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

Status make_and_take(std::size_t count, unsigned threads, std::size_t slots,
                     const std::function<Status(std::size_t, std::size_t)>& make,
                     const std::function<Status(std::size_t, std::size_t)>& take) {
    std::mutex mutex;
    std::condition_variable changed;
    std::size_t next = 0;
    std::size_t taken = 0;
    std::vector<bool> is_made(slots);
    std::optional<Error> first;
    const auto run = [&] {
        std::unique_lock lock(mutex);
        while (true) {
            changed.wait(lock, [&] { return first || next >= count || next < taken + slots; });
            if (first || next >= count) return;
            const auto index = next++;
            lock.unlock();
            auto done = guarded([&] { return make(index, index % slots); });
            lock.lock();
            if (!done && !first) first = std::move(done).error();
            is_made[index % slots] = true;
            changed.notify_all();
        }
    };
    std::vector<std::jthread> pool;
    for (std::size_t i = 0; i < std::min<std::size_t>(std::max(threads, 1U), count); ++i)
        pool.emplace_back(run);
    std::unique_lock lock(mutex);
    while (taken < count && !first) {
        changed.wait(lock, [&] { return first || is_made[taken % slots]; });
        if (first) break;
        lock.unlock();
        auto done = guarded([&] { return take(taken, taken % slots); });
        lock.lock();
        if (!done && !first) first = std::move(done).error();
        is_made[taken % slots] = false;
        ++taken;
        changed.notify_all();
    }
    lock.unlock();
    pool.clear();
    if (first) return fail(std::move(*first));
    return {};
}

}  // namespace genevactl::base
