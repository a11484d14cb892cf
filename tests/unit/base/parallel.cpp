// SPDX-License-Identifier: Apache-2.0
#include "genevactl/base/parallel.hpp"

#include <atomic>
#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace genevactl;

namespace {

tl::unexpected<base::Error> broken() {
    return base::fail(base::ErrorKind::failed, "broken");
}

}  // namespace

TEST_CASE("what is made by several threads is taken in order, each slot after the other") {
    constexpr std::size_t k_slots = 3;
    for (const unsigned threads : {0U, 1U, 2U, 8U}) {
        for (const std::size_t count : {0U, 1U, 2U, 3U, 200U}) {
            std::vector<std::atomic<int>> made_in(k_slots);
            std::vector<std::size_t> made(k_slots);
            std::vector<std::size_t> taken;
            const auto done = base::make_and_take(
                count, threads, k_slots,
                [&](std::size_t i, std::size_t slot) -> base::Status {
                    if (made_in[slot]++ != 0) return broken();
                    made[slot] = i * i;
                    return {};
                },
                [&](std::size_t i, std::size_t slot) -> base::Status {
                    if (made_in[slot]-- != 1 || i != taken.size()) return broken();
                    taken.push_back(made[slot]);
                    return {};
                });
            CHECK(done);
            REQUIRE(taken.size() == count);
            for (std::size_t i = 0; i < count; ++i)
                CHECK(taken[i] == i * i);
        }
    }
}

TEST_CASE("the first error of making or taking ends both") {
    for (const std::size_t bad : {0U, 7U, 99U}) {
        std::size_t taken = 0;
        const auto good = [](std::size_t, std::size_t) -> base::Status { return {}; };
        const auto fails = [&](std::size_t i, std::size_t) -> base::Status {
            return i == bad ? base::Status(broken()) : base::Status();
        };
        auto done = base::make_and_take(100, 3, 4, fails, [&](std::size_t, std::size_t) {
            ++taken;
            return base::Status();
        });
        REQUIRE_FALSE(done);
        CHECK(done.error().message == "broken");
        CHECK(taken <= bad);
        done = base::make_and_take(100, 3, 4, good, fails);
        REQUIRE_FALSE(done);
        CHECK(done.error().message == "broken");
    }
}
