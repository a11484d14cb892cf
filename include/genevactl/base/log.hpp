// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <memory>
#include <string_view>

#include "genevactl/base/clock.hpp"

namespace genevactl::base {

/// The diagnostic log of --verbose: what the program does and why, a line each, for whoever looks
/// for the reason of something. Never a secret, never the value of an argument. What a user must
/// know is said by the reporter instead.
class Log {
public:
    /// Lines go to `out` at once, with the time of `clock`; both outlive it.
    Log(std::ostream& out, Clock& clock);
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;
    ~Log();

    /// One line, from whatever thread; control characters are left out.
    void say(std::string_view text);

private:
    struct Lines;
    std::unique_ptr<Lines> m_lines;
    Clock& m_clock;
};

}  // namespace genevactl::base
