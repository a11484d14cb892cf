// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <mutex>
#include <string>

#include <fmt/format.h>

#include "genevactl/run/session.hpp"

namespace genevactl::run {

/// Says now and then how far work on many bytes has come, from whichever thread does it.
class Throttled {
public:
    /// `total` 0: it is not known.
    Throttled(Session& session, std::string what, std::uint64_t total = 0)
        : m_session(session),
          m_what(std::move(what)),
          m_total(total),
          m_began(session.surroundings().clock->monotonic()) {}
    Throttled(const Throttled&) = delete;
    Throttled& operator=(const Throttled&) = delete;
    ~Throttled() { m_session.reporter().finish(); }

    void add(std::uint64_t bytes) {
        const auto done = m_done += bytes;
        const std::unique_lock lock(m_mutex, std::try_to_lock);
        if (!lock) {
            return;
        }
        const auto now = m_session.surroundings().clock->monotonic();
        if (now - m_began >= k_quiet && now - m_said >= k_interval) {
            m_said = now;
            m_session.reporter().step(line(done, now - m_began));
        }
    }

private:
    static constexpr base::Monotonic k_quiet = std::chrono::seconds(1);
    static constexpr base::Monotonic k_interval = std::chrono::milliseconds(100);

    std::string line(std::uint64_t done, base::Monotonic elapsed) const {
        constexpr double k_mega = 1e6;
        const auto megabytes = static_cast<double>(done) / k_mega;
        const auto seconds = std::chrono::duration<double>(elapsed).count();
        const auto rate = seconds > 0 ? megabytes / seconds : 0;
        if (m_total == 0 || rate <= 0) {
            return fmt::format("{}: {:.0f} MB, {:.0f} MB/s", m_what, megabytes, rate);
        }
        const auto total = static_cast<double>(m_total) / k_mega;
        const auto left = base::Microseconds(
            static_cast<std::int64_t>(std::max(total - megabytes, 0.0) / rate * k_mega));
        return fmt::format("{}: {:.0f} of {:.0f} MB, {:.0f} MB/s, about {} left", m_what, megabytes,
                           total, rate, base::format_duration(left));
    }

    Session& m_session;
    std::string m_what;
    std::uint64_t m_total;
    base::Monotonic m_began;
    base::Monotonic m_said{};
    std::atomic<std::uint64_t> m_done = 0;
    std::mutex m_mutex;
};

}  // namespace genevactl::run
