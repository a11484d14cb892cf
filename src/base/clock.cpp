// SPDX-License-Identifier: Apache-2.0
#include "genevactl/base/clock.hpp"

#include <csignal>

namespace genevactl::base {

WallTime SystemClock::now() {
    return std::chrono::floor<Microseconds>(std::chrono::system_clock::now());
}

Monotonic SystemClock::monotonic() {
    return std::chrono::duration_cast<Monotonic>(
        std::chrono::steady_clock::now().time_since_epoch());
}

bool SystemClock::sleep_for(Microseconds duration) {
    return m_interrupt.wait_for(duration);
}

Error interruption(int signal) {
    if (signal == SIGTERM) {
        return {.kind = ErrorKind::terminated, .message = "terminated"};
    }
    return {.kind = ErrorKind::interrupted, .message = "interrupted"};
}

}  // namespace genevactl::base
