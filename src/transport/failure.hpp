// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "answer.hpp"
#include "exchange.hpp"

namespace genevactl::transport {

/// The hint of every error after which a request of Repeat::unaccepted may have been carried out.
inline constexpr std::string_view k_may_be_accepted =
    "the request may have been carried out all the same: look before you send it again";

/// How far a transfer got, asked of its handle.
struct Progress {
    bool resolved = false;
    bool connected = false;
    bool secured = false;    ///< the TLS handshake is done, or there is none
    bool sending = false;    ///< something of the request was sent
    curl_off_t sent = 0;     ///< bytes of the body
    bool answering = false;  ///< something of the answer came
    std::size_t received = 0;
};

Progress progress_of(const Easy& easy, const Answer& answer, const Url& url);

/// What libcurl's code means for trying again.
Outcome outcome_of_failure(CURLcode code, const Easy& easy, const Answer& answer,
                           const Progress& progress, const Url& url);

/// The failure in words, with what to do; never with a secret.
base::Error describe(Outcome outcome, CURLcode code, const Easy& easy, const Progress& progress,
                     const Exchange& exchange, const Request& request, const Url& url);

}  // namespace genevactl::transport
