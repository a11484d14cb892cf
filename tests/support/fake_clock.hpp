// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <vector>

#include "genevactl/base/clock.hpp"

namespace genevactl::test {

/// A clock that goes on only when something sleeps, and with each look at it by a tick that a
/// test's server sets (so that a wait for it ends by this clock alone). Remembers the sleeps.
class FakeClock final : public base::Clock {
public:
    /// May be called from any thread.
    void go_on_by_itself(base::Microseconds tick) { m_tick = tick; }

    base::WallTime now() override { return base::WallTime(m_wall_start + m_passed); }
    base::Monotonic monotonic() override {
        m_passed += m_tick.load();
        return m_passed;
    }
    bool sleep_for(base::Microseconds duration) override {
        sleeps.push_back(duration);
        m_passed += duration;
        return interrupted;
    }

    std::vector<base::Microseconds> sleeps;
    bool interrupted = false;  ///< what sleeps answer

private:
    std::atomic<base::Microseconds> m_tick = base::Microseconds{};
    base::Microseconds m_passed{};
    base::Microseconds m_wall_start{1'795'339'800'000'000};  // 2026-11-22T09:30:00Z
};

/// An interrupt that a test fires by hand.
class ManualInterrupt final : public base::Interrupt {
public:
    int signal() const override { return number; }
    bool wait_for(base::Microseconds) const override { return number != 0; }

    int number = 0;
};

}  // namespace genevactl::test
