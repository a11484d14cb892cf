// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "genevactl/base/error.hpp"

namespace genevactl::base {

using Microseconds = std::chrono::microseconds;
/// Wall time in microseconds since 1970-01-01 UTC: the unit of the jobs table.
using WallTime = std::chrono::time_point<std::chrono::system_clock, Microseconds>;
/// Time since an arbitrary start, never set back.
using Monotonic = std::chrono::nanoseconds;

/// Set by SIGINT and SIGTERM, looked at by everything that waits.
class Interrupt {
public:
    virtual ~Interrupt() = default;
    /// The signal that asked to stop, or 0.
    virtual int signal() const = 0;
    /// Waits for up to `duration`; true when a signal came meanwhile (or had come before).
    virtual bool wait_for(Microseconds duration) const = 0;
};

/// The time, and waiting for it: the one thing that a test replaces to run a wait in no time.
class Clock {
public:
    virtual ~Clock() = default;
    virtual WallTime now() = 0;
    virtual Monotonic monotonic() = 0;
    /// Sleeps for `duration` or until interrupted; true when interrupted.
    virtual bool sleep_for(Microseconds duration) = 0;
};

/// The process's own clock; sleeping ends early when `interrupt` fires. `interrupt` outlives it.
class SystemClock final : public Clock {
public:
    explicit SystemClock(const Interrupt& interrupt) : m_interrupt(interrupt) {}
    WallTime now() override;
    Monotonic monotonic() override;
    bool sleep_for(Microseconds duration) override;

private:
    const Interrupt& m_interrupt;
};

/// Installs handlers for SIGINT and SIGTERM (a second SIGINT ends the process at once) and returns
/// the interrupt that they set. One for the process.
const Interrupt& install_signal_handlers();
/// An interrupt that never fires, for tests.
const Interrupt& no_interrupt();
/// The error of something that `signal` ended: kind interrupted (SIGINT) or terminated (SIGTERM).
Error interruption(int signal);

/// RFC 3339 in UTC with the fraction that is there: "2026-11-22T09:30:00Z", "…00.250000Z".
std::string rfc3339(WallTime time);
/// Reads RFC 3339 ("Z" or an offset), a date alone, or nothing else; error kind usage.
Result<WallTime> parse_rfc3339(std::string_view text);
/// Reads "90", "90s", "1.5m", "2h", "1d", "250ms", "1h30m" (a bare number is seconds); kind usage.
Result<Microseconds> parse_duration(std::string_view text);
/// "850ms", "12s", "3m05s", "2h10m", "4d03h": two units at most, as a person reads it.
std::string format_duration(Microseconds duration);

}  // namespace genevactl::base
