// SPDX-License-Identifier: Apache-2.0
#include "failure.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>

#include "genevactl/base/secret.hpp"
#include "genevactl/base/text.hpp"
#include "policy.hpp"

namespace genevactl::transport {

namespace {

using base::Error;
using base::ErrorKind;

std::string what_was_waited_for(const Progress& progress, const Request& request, const Url& url) {
    if (!progress.resolved) {
        return fmt::format("looking up the address of {}", url.host);
    }
    if (!progress.connected) {
        return "waiting for the connection";
    }
    if (!progress.secured) {
        return "waiting for the TLS handshake";
    }
    if (progress.answering) {
        return fmt::format("{} bytes of the answer had come", progress.received);
    }
    if (static_cast<std::uint64_t>(progress.sent) < request.body_size()) {
        return fmt::format("{} of {} bytes had been sent", progress.sent, request.body_size());
    }
    return "waiting for the answer";
}

/// libcurl's own words, fit to be shown: it may quote what the server or a proxy's URL said.
std::string reason_of(CURLcode code, const Easy& easy, const Request& request) {
    return without_secrets_of(request, base::printable(easy.explain(code)));
}

/// "Connection refused" rather than libcurl's longer and vaguer text, where the system said so.
std::string system_reason(const Easy& easy, const std::string& otherwise) {
    const auto number = static_cast<int>(easy.info_long(CURLINFO_OS_ERRNO));
    return number == 0 ? otherwise : std::generic_category().message(number);
}

std::string hint_for_connection(const Url& url) {
    if (url.is_loopback()) {
        return "is the deployment running? `genevactl local status` tells, `genevactl local start` "
               "starts one";
    }
    return "check the address given with --host-override or LANCEDB_URI, the network, and "
           "https_proxy";
}

bool is_certificate_failure(CURLcode code) {
    return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_ISSUER_ERROR ||
           code == CURLE_SSL_INVALIDCERTSTATUS || code == CURLE_SSL_PINNEDPUBKEYNOTMATCH;
}

Error describe_tls(CURLcode code, const std::string& reason, const TransportOptions& options,
                   const Url& url) {
    if (code == CURLE_SSL_CACERT_BADFILE) {
        return {
            .kind = ErrorKind::usage,
            .message = fmt::format("the CA bundle {} cannot be used: {}",
                                   options.ca_bundle ? options.ca_bundle->string() : "", reason),
            .hint = "--ca-bundle takes a file of certificates in PEM form"};
    }
    if (is_certificate_failure(code)) {
        return {.kind = ErrorKind::unreachable,
                .message =
                    fmt::format("the certificate of {} is not trusted: {}", url.origin(), reason),
                .hint =
                    "if the deployment has a certificate of your own authority, name that "
                    "authority's file with --ca-bundle; verification cannot be turned off"};
    }
    return {.kind = ErrorKind::unreachable,
            .message = fmt::format("no TLS connection to {}: {}", url.origin(), reason),
            .hint = "does the deployment speak https on this port?"};
}

Error describe_broken(const std::string& reason, const Progress& progress, const Request& request,
                      const Url& url) {
    Error error{.kind = ErrorKind::unreachable, .message = {}};
    if (progress.answering) {
        error.message = fmt::format("the answer from {} was cut off after {} bytes of its body: {}",
                                    url.origin(), progress.received, reason);
    } else {
        error.message =
            fmt::format("{} closed the connection without an answer: {}", url.origin(), reason);
    }
    if (request.repeat == Repeat::unaccepted) {
        error.hint = k_may_be_accepted;
    }
    return error;
}

Error describe_out_of_time(const Progress& progress, const Exchange& exchange,
                           const Request& request, const Url& url) {
    Error error{
        .kind = ErrorKind::unreachable,
        .message = fmt::format("no answer from {} within {} ({})", url.origin(),
                               base::format_duration(exchange.allowed),
                               what_was_waited_for(progress, request, url)),
        .hint = progress.sending
                    ? "give it more time: set request_timeout, or GENEVACTL_REQUEST_TIMEOUT=120s"
                    : hint_for_connection(url)};
    if (progress.sending && request.repeat == Repeat::unaccepted) {
        error.hint = k_may_be_accepted;
    }
    return error;
}

Error describe_stalled(const Progress& progress, const Exchange& exchange, const Request& request,
                       const Url& url) {
    Error error{.kind = ErrorKind::unreachable,
                .message = fmt::format(
                    "nothing more moved between here and {} for {} ({})", url.origin(),
                    base::format_duration(exchange.stall.value_or(base::Microseconds::zero())),
                    what_was_waited_for(progress, request, url)),
                .hint = "check the network; request_timeout is how long a transfer may pause"};
    if (progress.sending && request.repeat == Repeat::unaccepted) {
        error.hint = k_may_be_accepted;
    }
    return error;
}

/// Whether the caller may send the request again without looking first.
bool is_retryable(Outcome outcome, const Progress& progress, Repeat repeat) {
    if (outcome == Outcome::not_listening || may_retry(outcome, repeat)) {
        return true;
    }
    return (outcome == Outcome::out_of_time || outcome == Outcome::stalled) &&
           (repeat == Repeat::safe || !progress.sending);
}

/// Whether certainly nothing of the request reached the server. A proxy that refuses has read the
/// CONNECT only, and a server that is not trusted is sent nothing after its certificate.
bool is_not_sent(Outcome outcome, const Progress& progress) {
    switch (outcome) {
        case Outcome::not_resolved:
        case Outcome::not_connected:
        case Outcome::not_listening:
        case Outcome::not_trusted:
        case Outcome::proxy_refused:
            return true;
        default:
            return !progress.sending;
    }
}

}  // namespace

Progress progress_of(const Easy& easy, const Answer& answer, const Url& url) {
    const bool connected = easy.info_size(CURLINFO_CONNECT_TIME_T) > 0;
    return {.resolved = connected || easy.info_size(CURLINFO_NAMELOOKUP_TIME_T) > 0,
            .connected = connected,
            .secured = connected && (!url.secure || easy.info_size(CURLINFO_APPCONNECT_TIME_T) > 0),
            // REQUEST_SIZE counts a CONNECT to a proxy too: that errs on the safe side.
            .sending = easy.info_long(CURLINFO_REQUEST_SIZE) > 0 ||
                       easy.info_size(CURLINFO_PRETRANSFER_TIME_T) > 0,
            .sent = easy.info_size(CURLINFO_SIZE_UPLOAD_T),
            .answering = answer.started(),
            .received = answer.received()};
}

Outcome outcome_of_failure(CURLcode code, const Easy& easy, const Answer& answer,
                           const Progress& progress, const Url& url) {
    const long proxy_status = easy.info_long(CURLINFO_HTTP_CONNECTCODE);
    if (answer.too_large() || code == CURLE_FILESIZE_EXCEEDED) {
        return Outcome::unusable;
    }
    if (code == CURLE_PROXY || code == CURLE_COULDNT_RESOLVE_PROXY ||
        (proxy_status != 0 && proxy_status / 100 != 2)) {
        return Outcome::proxy_refused;
    }
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST:
            return Outcome::not_resolved;
        case CURLE_COULDNT_CONNECT:
            return url.is_loopback() && easy.info_long(CURLINFO_OS_ERRNO) == ECONNREFUSED
                       ? Outcome::not_listening
                       : Outcome::not_connected;
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_CIPHER:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_ISSUER_ERROR:
        case CURLE_SSL_INVALIDCERTSTATUS:
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
        case CURLE_SSL_ENGINE_INITFAILED:
        case CURLE_USE_SSL_FAILED:
            return Outcome::not_trusted;
        case CURLE_OPERATION_TIMEDOUT:  // only CURLOPT_CONNECTTIMEOUT_MS is set
        case CURLE_SEND_ERROR:
        case CURLE_RECV_ERROR:
        case CURLE_GOT_NOTHING:
        case CURLE_PARTIAL_FILE:
        case CURLE_HTTP2:
        case CURLE_HTTP2_STREAM:
        case CURLE_SSL_SHUTDOWN_FAILED:
            return progress.sending ? Outcome::broken : Outcome::not_connected;
        default:
            return Outcome::unusable;
    }
}

Error describe(Outcome outcome, CURLcode code, const Easy& easy, const Progress& progress,
               const Exchange& exchange, const Request& request, const Url& url) {
    const auto reason = reason_of(code, easy, request);
    Error error{.kind = ErrorKind::unreachable, .message = {}};
    switch (outcome) {
        case Outcome::not_resolved:
            error.message =
                fmt::format("the address of {} could not be found: {}", url.host, reason);
            error.hint =
                "check the name given with --host-override or LANCEDB_URI, and the network";
            break;
        case Outcome::not_connected:
        case Outcome::not_listening:
            error.message =
                fmt::format("no connection to {}: {}", url.origin(), system_reason(easy, reason));
            error.hint = hint_for_connection(url);
            break;
        case Outcome::not_trusted:
            error = describe_tls(code, reason, exchange.options, url);
            break;
        case Outcome::proxy_refused:
            error.message = fmt::format("the proxy did not pass the connection to {} on: {}",
                                        url.origin(), reason);
            error.hint =
                "check https_proxy and http_proxy; no_proxy lists the hosts to reach directly";
            break;
        case Outcome::broken:
            error = describe_broken(reason, progress, request, url);
            break;
        case Outcome::out_of_time:
            error = describe_out_of_time(progress, exchange, request, url);
            break;
        case Outcome::stalled:
            error = describe_stalled(progress, exchange, request, url);
            break;
        default:
            error.kind = ErrorKind::failed;
            error.message =
                fmt::format("the answer from {} cannot be used: {}", url.origin(), reason);
            error.hint =
                request.repeat == Repeat::unaccepted
                    ? std::string(k_may_be_accepted)
                    : "is the address given with --host-override or LANCEDB_URI a deployment's?";
            break;
    }
    error.retryable = is_retryable(outcome, progress, request.repeat);
    error.not_sent = is_not_sent(outcome, progress);
    return error;
}

}  // namespace genevactl::transport
