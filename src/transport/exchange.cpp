// SPDX-License-Identifier: Apache-2.0
#include "exchange.hpp"

#include <fmt/format.h>

#include "answer.hpp"
#include "body.hpp"
#include "failure.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "policy.hpp"

namespace genevactl::transport {

namespace {

// How long libcurl may wait before the deadline and the interrupt are looked at again.
constexpr int k_slice_ms = 50;
constexpr long k_server_error = 500;
constexpr long k_upload_buffer = 256L << 10U;     // bytes that are read of a file at once
constexpr curl_off_t k_least_moved = 16L << 10U;  // bytes; fewer within `stall` is a stall
// What libcurl takes from a connection at once; its own 16 KiB would be a wait for every 16 KiB.
constexpr long k_read_bytes = 256L << 10;

base::Status add_header(HeaderList& list, const std::string& name, std::string_view value) {
    // "Name:" would take the header out instead of sending it empty.
    return list.append(value.empty() ? name + ';' : fmt::format("{}: {}", name, value));
}

base::Status fill_headers(HeaderList& list, const Exchange& exchange, const Request& request) {
    bool has_type = false;
    for (const auto& [name, value] : request.headers) {
        has_type = has_type || base::lower(name) == "content-type";
        GENEVACTL_CHECK(add_header(list, name, value));
    }
    for (const auto& [name, value] : request.secret_headers) {
        if (!value.empty()) {
            GENEVACTL_CHECK(add_header(list, name, value.reveal()));
        }
    }
    GENEVACTL_CHECK(add_header(list, "x-request-id", exchange.request_id));
    if (!has_type) {
        GENEVACTL_CHECK(list.append("Content-Type:"));  // libcurl would call it a form
    }
    return list.append("Expect:");  // would wait a second for a "100 Continue" that few send
}

void set_method(Easy& easy, const Request& request, Body& body) {
    if (request.method == Method::get) {
        easy.set_long<CURLOPT_HTTPGET>(1);
        return;
    }
    if (request.method == Method::head) {
        easy.set_long<CURLOPT_NOBODY>(1);
        return;
    }
    easy.set_long<CURLOPT_POST>(1);
    easy.set_size<CURLOPT_POSTFIELDSIZE_LARGE>(static_cast<curl_off_t>(request.body_size()));
    if (request.file) {
        easy.set_callback<CURLOPT_READFUNCTION>(&Body::on_read);
        easy.set_pointer<CURLOPT_READDATA>(&body);
        easy.set_seek(&Body::on_seek);
        easy.set_pointer<CURLOPT_SEEKDATA>(&body);
        easy.try_long<CURLOPT_UPLOAD_BUFFERSIZE>(k_upload_buffer);
    } else {
        easy.set_text<CURLOPT_POSTFIELDS>(request.body.data());  // not copied: it lives longer
    }
    if (request.method != Method::post) {
        easy.set_text<CURLOPT_CUSTOMREQUEST>(name_of(request.method).data());
    }
}

void set_security(Easy& easy, const TransportOptions& options, const Url& url) {
    easy.set_long<CURLOPT_SSL_VERIFYPEER>(1);
    easy.set_long<CURLOPT_SSL_VERIFYHOST>(2);
    easy.set_long<CURLOPT_SSLVERSION>(CURL_SSLVERSION_TLSv1_2);
    if (options.ca_bundle) {
        easy.set_text<CURLOPT_CAINFO>(options.ca_bundle->c_str());
        easy.set_text<CURLOPT_CAPATH>(nullptr);  // this bundle and no other
    }
    easy.set_long<CURLOPT_FOLLOWLOCATION>(0);
    easy.set_long<CURLOPT_NETRC>(CURL_NETRC_IGNORED);
    if (url.is_loopback()) {
        // By http_proxy a key for 127.0.0.1 would travel to the proxy in plain text.
        easy.set_text<CURLOPT_PROXY>("");
    }
}

void set_connection(Easy& easy, const Exchange& exchange, const Request& request) {
    const auto& options = exchange.options;
    easy.set_long<CURLOPT_NOSIGNAL>(1);
    easy.set_long<CURLOPT_HTTP_VERSION>(CURL_HTTP_VERSION_2TLS);
    easy.set_long<CURLOPT_TCP_KEEPALIVE>(1);
    easy.set_long<CURLOPT_SUPPRESS_CONNECT_HEADERS>(1);
    easy.set_long<CURLOPT_BUFFERSIZE>(k_read_bytes);
    easy.set_text<CURLOPT_ACCEPT_ENCODING>("");  // all that this libcurl can undo
    easy.set_text<CURLOPT_USERAGENT>(options.user_agent.c_str());
#if LIBCURL_VERSION_NUM >= 0x075700
    easy.try_long<CURLOPT_QUICK_EXIT>(1);  // an interrupt does not wait for the resolver
#endif
    const auto milliseconds =
        std::chrono::duration_cast<std::chrono::milliseconds>(options.connect_timeout).count();
    easy.set_long<CURLOPT_CONNECTTIMEOUT_MS>(
        static_cast<long>(std::max<long long>(1, milliseconds)));
    if (request.repeat == Repeat::unaccepted) {
        // When a connection that was kept open turns out to be closed, libcurl sends the request
        // again by itself, although the server may have read it. A fresh connection is never that.
        easy.set_long<CURLOPT_FRESH_CONNECT>(1);
    }
}

void set_answer(Easy& easy, Answer& answer) {
    easy.set_callback<CURLOPT_WRITEFUNCTION>(&Answer::on_body);
    easy.set_pointer<CURLOPT_WRITEDATA>(&answer);
    easy.set_callback<CURLOPT_HEADERFUNCTION>(&Answer::on_header);
    easy.set_pointer<CURLOPT_HEADERDATA>(&answer);
}

/// What libcurl reads from and writes to while an attempt lasts.
struct Parts {
    Easy easy;
    HeaderList headers;
    Answer answer;
    Body body;
};

base::Status prepare(Parts& parts, const Exchange& exchange, const Request& request,
                     const Url& url) {
    auto& [easy, headers, answer, body] = parts;
    GENEVACTL_CHECK(body.open());
    GENEVACTL_CHECK(fill_headers(headers, exchange, request));
    easy.set_text<CURLOPT_URL>(with_secret_query(request, url).c_str());  // copied by libcurl
    easy.set_pointer<CURLOPT_HTTPHEADER>(headers.get());
    easy.set_long<CURLOPT_HEADEROPT>(CURLHEADER_SEPARATE);  // none of them is for a proxy
    set_method(easy, request, body);
    set_security(easy, exchange.options, url);
    set_connection(easy, exchange, request);
    set_answer(easy, answer);
    return easy.check();
}

/// How the wait for a transfer ended.
struct Ending {
    std::optional<Outcome> stopped = {};  ///< by us
    CURLcode code = CURLE_OK;             ///< by libcurl
};

/// Takes the handle out of the connections when the wait is over, however it ends.
class Running {
public:
    Running(const Exchange& exchange, const Easy& easy)
        : m_exchange(exchange),
          m_easy(easy),
          m_code(exchange.curl.multi_add_handle(exchange.connections.get(), easy.get())) {}
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    ~Running() { m_exchange.curl.multi_remove_handle(m_exchange.connections.get(), m_easy.get()); }
    base::Result<Ending> wait();

private:
    bool has_stalled();
    std::optional<CURLcode> finished() const;

    const Exchange& m_exchange;
    const Easy& m_easy;
    CURLMcode m_code;
    base::Monotonic m_since{};  ///< when the window in which something must move began
    curl_off_t m_moved = -1;    ///< bytes that had moved then; -1 before the first look
};

std::optional<CURLcode> Running::finished() const {
    int left = 0;
    while (const CURLMsg* message =
               m_exchange.curl.multi_info_read(m_exchange.connections.get(), &left)) {
        if (message->msg == CURLMSG_DONE && message->easy_handle == m_easy.get()) {
            return message->data.result;
        }
    }
    return std::nullopt;
}

/// Has less than k_least_moved moved for the time that a large body may pause?
bool Running::has_stalled() {
    if (!m_exchange.stall) {
        return false;
    }
    const auto now = m_exchange.clock.monotonic();
    const auto moved =
        m_easy.info_size(CURLINFO_SIZE_UPLOAD_T) + m_easy.info_size(CURLINFO_SIZE_DOWNLOAD_T);
    if (m_moved < 0 || moved - m_moved >= k_least_moved) {
        m_since = now;
        m_moved = moved;
    }
    return now - m_since >= *m_exchange.stall;
}

base::Result<Ending> Running::wait() {
    auto code = m_code;
    CURLM* const handle = m_exchange.connections.get();
    while (code == CURLM_OK) {
        int running = 0;
        code = m_exchange.curl.multi_perform(handle, &running);
        if (const auto result = finished()) {
            return Ending{.code = *result};
        }
        if (m_exchange.interrupt.signal() != 0) {
            return Ending{.stopped = Outcome::interrupted};
        }
        if (!m_exchange.stall && m_exchange.clock.monotonic() >= m_exchange.end) {
            return Ending{.stopped = Outcome::out_of_time};
        }
        if (has_stalled()) {
            return Ending{.stopped = Outcome::stalled};
        }
        if (code == CURLM_OK) {
            code = m_exchange.curl.multi_poll(handle, nullptr, 0, k_slice_ms, nullptr);
        }
    }
    return base::fail(base::ErrorKind::internal,
                      fmt::format("libcurl: {}", m_exchange.curl.multi_strerror(code)));
}

/// The error of an attempt that got no whole answer.
base::Error error_of(const Ending& ending, Outcome outcome, const Easy& easy, const Answer& answer,
                     const Exchange& exchange, const Request& request, const Url& url) {
    const auto progress = progress_of(easy, answer, url);
    if (outcome != Outcome::interrupted && !answer.too_large()) {
        return describe(outcome, ending.code, easy, progress, exchange, request, url);
    }
    auto error = outcome == Outcome::interrupted
                     ? base::interruption(exchange.interrupt.signal())
                     : base::Error{.kind = base::ErrorKind::failed,
                                   .message = fmt::format(
                                       "the answer from {} is larger than the {} bytes allowed",
                                       url.origin(), request.response_limit)};
    if (progress.sending && request.repeat == Repeat::unaccepted) {
        error.hint = k_may_be_accepted;
    }
    error.not_sent = !progress.sending;
    return error;
}

}  // namespace

Attempt perform(const Exchange& exchange, const Request& request, const Url& url) {
    Parts parts{.easy = Easy(exchange.curl),
                .headers = HeaderList(exchange.curl),
                .answer = Answer(request.response_limit),
                .body = Body(request.file)};
    auto& [easy, headers, answer, body] = parts;
    if (auto ready = prepare(parts, exchange, request, url); !ready) {
        auto error = std::move(ready).error();
        error.not_sent = true;
        return {.outcome = Outcome::unusable, .error = std::move(error)};
    }
    Running running(exchange, easy);
    auto ending = running.wait();
    if (!ending) {
        return {.outcome = Outcome::unusable, .error = std::move(ending).error()};
    }
    Attempt attempt;
    attempt.response.status = easy.info_long(CURLINFO_RESPONSE_CODE);
    if (ending->code == CURLE_OK && !ending->stopped) {
        attempt.response.headers = answer.take_headers();
        attempt.response.body = answer.take_body();
        attempt.outcome = outcome_of_status(attempt.response.status,
                                            attempt.response.header("retry-after").has_value());
        if (attempt.response.status == k_server_error && request.repeat_after_500) {
            attempt.outcome = Outcome::store_failed;
        }
        return attempt;
    }
    if (auto failure = body.failure()) {
        return {.outcome = Outcome::unusable, .error = std::move(failure)};
    }
    attempt.outcome = ending->stopped.value_or(
        outcome_of_failure(ending->code, easy, answer, progress_of(easy, answer, url), url));
    attempt.error = error_of(*ending, attempt.outcome, easy, answer, exchange, request, url);
    attempt.response.headers = answer.take_headers();
    return attempt;
}

}  // namespace genevactl::transport
