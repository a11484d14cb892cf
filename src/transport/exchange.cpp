// SPDX-License-Identifier: Apache-2.0
#include "exchange.hpp"

#include <fmt/format.h>

#include "answer.hpp"
#include "failure.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "policy.hpp"

namespace genevactl::transport {

namespace {

// How long libcurl may wait before the deadline and the interrupt are looked at again.
constexpr int k_slice_ms = 50;

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

void set_method(Easy& easy, const Request& request) {
    if (request.method == Method::get) {
        easy.set_long<CURLOPT_HTTPGET>(1);
        return;
    }
    if (request.method == Method::head) {
        easy.set_long<CURLOPT_NOBODY>(1);
        return;
    }
    easy.set_long<CURLOPT_POST>(1);
    easy.set_size<CURLOPT_POSTFIELDSIZE_LARGE>(static_cast<curl_off_t>(request.body.size()));
    easy.set_text<CURLOPT_POSTFIELDS>(request.body.data());  // not copied: the request outlives it
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

base::Status prepare(Easy& easy, HeaderList& headers, Answer& answer, const Exchange& exchange,
                     const Request& request, const Url& url) {
    GENEVACTL_CHECK(fill_headers(headers, exchange, request));
    easy.set_text<CURLOPT_URL>(url.text.c_str());
    easy.set_pointer<CURLOPT_HTTPHEADER>(headers.get());
    easy.set_long<CURLOPT_HEADEROPT>(CURLHEADER_SEPARATE);  // none of them is for a proxy
    set_method(easy, request);
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
    base::Result<Ending> wait() const;

private:
    std::optional<CURLcode> finished() const;

    const Exchange& m_exchange;
    const Easy& m_easy;
    CURLMcode m_code;
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

base::Result<Ending> Running::wait() const {
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
        if (m_exchange.clock.monotonic() >= m_exchange.end) {
            return Ending{.stopped = Outcome::out_of_time};
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
    Easy easy(exchange.curl);
    HeaderList headers(exchange.curl);
    Answer answer(request.response_limit);
    if (auto ready = prepare(easy, headers, answer, exchange, request, url); !ready) {
        auto error = std::move(ready).error();
        error.not_sent = true;
        return {.outcome = Outcome::unusable, .error = std::move(error)};
    }
    const Running running(exchange, easy);
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
        return attempt;
    }
    attempt.outcome = ending->stopped.value_or(
        outcome_of_failure(ending->code, easy, answer, progress_of(easy, answer, url), url));
    attempt.error = error_of(*ending, attempt.outcome, easy, answer, exchange, request, url);
    attempt.response.headers = answer.take_headers();
    return attempt;
}

}  // namespace genevactl::transport
