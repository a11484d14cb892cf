// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "genevactl/base/clock.hpp"
#include "genevactl/transport/transport.hpp"

namespace genevactl::transport {

/// How one attempt to send a request ended, as far as trying again is concerned.
enum class Outcome : std::uint8_t {
    answered,         ///< any status that has no row of its own
    timed_request,    ///< 408
    throttled,        ///< 429
    bad_gateway,      ///< 502
    told_to_wait,     ///< 503 with Retry-After
    unavailable,      ///< 503 without
    gateway_timeout,  ///< 504
    not_resolved,     ///< the host's name has no address
    not_connected,    ///< no connection, or it broke before anything was sent
    not_listening,    ///< a loopback port that nothing listens on
    not_trusted,      ///< the certificate or the handshake failed
    proxy_refused,    ///< the proxy would not pass the connection on
    broken,           ///< the connection broke after something was sent: no answer or half of one
    unusable,         ///< an answer that is no HTTP, too large, or that libcurl cannot read
    out_of_time,      ///< the total deadline passed
    interrupted,      ///< a signal came
    store_failed,     ///< 500 from an object store
    stalled,          ///< nothing moved for the time that a large body may pause
};

/// One row of the allow-list: what is not said here to be sent again is not.
struct RetryRow {
    Outcome outcome;
    bool safe;        ///< sent again if Repeat::safe
    bool unaccepted;  ///< sent again if Repeat::unaccepted
    std::string_view meaning;
};

/// Every outcome once, in the order of the enumeration; docs/transport.md prints it.
const std::array<RetryRow, 18>& retry_table();

/// Whether an attempt that ended so is followed by another.
bool may_retry(Outcome outcome, Repeat repeat);

/// The outcome that an answer's status stands for.
Outcome outcome_of_status(long status, bool has_retry_after);

/// Exponential backoff with full jitter: `fraction` (0 to 1, random) of 250 ms doubled with each
/// attempt (the first is 0), at most 8 s; added to what the server asked for, if it did.
base::Microseconds delay_before_retry(int attempt, double fraction,
                                      std::optional<base::Microseconds> retry_after);

/// The time that a Retry-After header asks to wait (RFC 9110 section 10.2.3: seconds, or a date in
/// one of the three forms of section 5.6.7), never negative; nothing if it is neither.
std::optional<base::Microseconds> parse_retry_after(std::string_view value, base::WallTime now);

}  // namespace genevactl::transport
