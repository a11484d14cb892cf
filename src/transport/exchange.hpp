// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "easy.hpp"
#include "genevactl/base/clock.hpp"
#include "genevactl/transport/transport.hpp"
#include "retry.hpp"
#include "url.hpp"

namespace genevactl::transport {

/// How one attempt ended: with an answer, or with an error (and then `response` holds what had
/// come).
struct Attempt {
    Outcome outcome = Outcome::answered;
    std::optional<base::Error> error = {};
    Response response = {};
};

/// What an attempt needs beside the request.
struct Exchange {
    const CurlLibrary& curl;
    const Multi& connections;
    const TransportOptions& options;
    base::Clock& clock;
    const base::Interrupt& interrupt;
    base::Monotonic end{};                         ///< when the total deadline passes, by `clock`
    base::Microseconds allowed{};                  ///< the total deadline, for the error's text
    std::optional<base::Microseconds> stall = {};  ///< an attempt that does not move is ended
    std::string request_id;
};

/// Sends the request once and waits for the whole answer, the deadline or a signal (looked at every
/// 50 ms).
Attempt perform(const Exchange& exchange, const Request& request, const Url& url);

}  // namespace genevactl::transport
