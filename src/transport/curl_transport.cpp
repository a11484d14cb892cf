// SPDX-License-Identifier: Apache-2.0
#include <mutex>

#include <fmt/format.h>

#include "exchange.hpp"
#include "genevactl/base/digest.hpp"
#include "genevactl/base/process.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "policy.hpp"
#include "resolve_location.hpp"
#include "retry.hpp"
#include "trace.hpp"
#include "url.hpp"

namespace genevactl::transport {

namespace {

constexpr int k_most_redirects = 10;

/// A random number from 0 to 1.
double random_fraction() {
    return static_cast<double>(std::stoul(base::random_hex(4), nullptr, 16)) / 4294967296.0;
}

class CurlTransport final : public Transport {
public:
    CurlTransport(TransportOptions options, base::Clock& clock, const base::Interrupt& interrupt)
        : m_options(std::move(options)), m_clock(clock), m_interrupt(interrupt) {}
    ~CurlTransport() override {
        const base::ScopedIgnorePipe ignored;  // closing TLS connections writes to them
        m_connections.reset();
    }
    CurlTransport(const CurlTransport&) = delete;
    CurlTransport& operator=(const CurlTransport&) = delete;

    base::Result<Response> send(const Request& request) override;

private:
    base::Status make_ready();
    base::Status check(const Request& request);
    base::Result<Response> follow(Request request, Exchange& exchange);
    Attempt try_until_done(const Request& request, const Url& url, const Exchange& exchange);
    Attempt attempt(const Request& request, const Url& url, const Exchange& exchange, int number);
    void tell_log(const TraceEntry& entry);
    base::Microseconds delay_after(const Attempt& attempt, int number);

    TransportOptions m_options;
    base::Clock& m_clock;
    const base::Interrupt& m_interrupt;
    const CurlLibrary* m_curl = nullptr;
    std::unique_ptr<Multi> m_connections;
    std::optional<Trace> m_trace;
};

/// Whatever must be there before the first request.
base::Status CurlTransport::make_ready() {
    if (m_connections) {
        return {};
    }
    if (m_options.trace && !m_trace) {
        GENEVACTL_TRY(m_trace, Trace::open(*m_options.trace));
    }
    GENEVACTL_TRY(m_curl, curl_library());
    auto connections = std::make_unique<Multi>(*m_curl);
    if (connections->get() == nullptr) {
        return base::fail(base::ErrorKind::failed, "libcurl could not be set up: out of memory");
    }
    m_connections = std::move(connections);
    return {};
}

/// What can be wrong before anything is sent.
base::Status CurlTransport::check(const Request& request) {
    GENEVACTL_TRY(const auto url, parse_url(request.url));
    GENEVACTL_CHECK(check_request(request, url));
    return make_ready();
}

base::Result<Response> CurlTransport::send(const Request& request) {
    if (auto ready = check(request); !ready) {
        auto error = std::move(ready).error();
        error.not_sent = true;
        return base::fail(std::move(error));
    }
    const base::ScopedIgnorePipe ignored;
    const auto allowed = request.deadline.value_or(m_options.deadline);
    Exchange exchange{.curl = *m_curl,
                      .connections = *m_connections,
                      .options = m_options,
                      .clock = m_clock,
                      .interrupt = m_interrupt,
                      .end = m_clock.monotonic() + allowed,
                      .allowed = allowed,
                      .stall = request.stall,
                      .request_id = base::random_hex(16)};
    auto response = follow(request, exchange);
    if (!response) {
        auto error = std::move(response).error();
        error.request_id = exchange.request_id;
        return base::fail(std::move(error).while_doing(
            fmt::format("sending {} {}", name_of(request.method), base::redact_url(request.url))));
    }
    return response;
}

/// Sends the request, and after a redirect the one that follows from it.
base::Result<Response> CurlTransport::follow(Request request, Exchange& exchange) {
    for (int redirects = 0; redirects <= k_most_redirects; ++redirects) {
        GENEVACTL_TRY(const auto url, parse_url(request.url));
        GENEVACTL_CHECK(check_request(request, url));
        auto last = try_until_done(request, url, exchange);
        if (last.error) {
            return base::fail(*std::move(last.error));
        }
        auto& response = last.response;
        const auto location = response.header("location");
        if (!is_redirect(response.status) || !location || !request.follow_redirects) {
            const auto theirs = base::printable(response.header("x-request-id").value_or(""));
            constexpr std::size_t k_longest_id = 200;
            response.request_id =
                theirs.empty() || theirs.size() > k_longest_id ? exchange.request_id : theirs;
            return std::move(response);
        }
        GENEVACTL_TRY(const auto to, resolve_location(*m_curl, url, *location));
        GENEVACTL_TRY(request, redirected(request, url, response.status, to));
    }
    return base::fail(base::ErrorKind::failed,
                      fmt::format("redirected more than {} times, lastly to {}", k_most_redirects,
                                  base::redact_url(request.url)));
}

/// Attempts until one is final: by the table of retries, their number, or the deadline.
Attempt CurlTransport::try_until_done(const Request& request, const Url& url,
                                      const Exchange& exchange) {
    bool arrived = false;
    for (int number = 1;; ++number) {
        auto tried = attempt(request, url, exchange, number);
        if (tried.error && arrived) {
            tried.error->not_sent = false;
        }
        if (!may_retry(tried.outcome, request.repeat) || number > m_options.retries) {
            if (tried.error && number > 1) {
                tried.error->message += fmt::format(" (tried {} times)", number);
            }
            return tried;
        }
        // Of a request that may be sent again, an attempt before the last one may have arrived.
        arrived =
            arrived || (request.repeat == Repeat::safe && !(tried.error && tried.error->not_sent));
        const auto delay = delay_after(tried, number);
        const bool is_too_late =
            exchange.stall ? delay >= *exchange.stall : m_clock.monotonic() + delay >= exchange.end;
        if (is_too_late) {
            return tried;  // what is known now is more than what a timeout would say
        }
        if (m_options.log != nullptr) {
            m_options.log->say(fmt::format("again in {}", base::format_duration(delay)));
        }
        if (m_clock.sleep_for(delay)) {
            auto error = base::interruption(m_interrupt.signal());
            error.not_sent = !arrived;
            return {.outcome = Outcome::interrupted, .error = std::move(error)};
        }
    }
}

Attempt CurlTransport::attempt(const Request& request, const Url& url, const Exchange& exchange,
                               int number) {
    const auto started = m_clock.now();
    const auto before = m_clock.monotonic();
    auto result = perform(exchange, request, url);
    if (!m_trace && m_options.log == nullptr) {
        return result;
    }
    const auto took = m_clock.monotonic() - before;
    const TraceEntry entry{.request = request,
                           .attempt = result,
                           .request_id = exchange.request_id,
                           .number = number,
                           .started = started,
                           .took = std::chrono::duration_cast<base::Microseconds>(took)};
    if (m_trace) {
        // A full disk must not make an error of a request that was carried out.
        [[maybe_unused]] const auto written = m_trace->write(entry);
    }
    tell_log(entry);
    return result;
}

void CurlTransport::tell_log(const TraceEntry& entry) {
    if (m_options.log == nullptr) {
        return;
    }
    const auto& attempt = entry.attempt;
    const auto end =
        attempt.error ? attempt.error->message : fmt::format("HTTP {}", attempt.response.status);
    m_options.log->say(fmt::format("{} {}: {} in {} ms (request {}, attempt {})",
                                   name_of(entry.request.method),
                                   base::redact_url(entry.request.url), end,
                                   entry.took.count() / 1000, entry.request_id, entry.number));
}

base::Microseconds CurlTransport::delay_after(const Attempt& attempt, int number) {
    std::optional<base::Microseconds> asked;
    if (const auto value = attempt.response.header("retry-after")) {
        asked = parse_retry_after(*value, m_clock.now());
    }
    return delay_before_retry(number - 1, random_fraction(), asked);
}

/// Gives each request a transport that no other request uses at that time. The one that was used
/// last is the next to be used: its connections are the least likely to have been closed.
class SharedTransport final : public Transport {
public:
    SharedTransport(TransportOptions options, base::Clock& clock, const base::Interrupt& interrupt)
        : m_options(std::move(options)), m_clock(clock), m_interrupt(interrupt) {}

    base::Result<Response> send(const Request& request) override {
        auto transport = take();
        auto response = transport->send(request);
        const std::scoped_lock lock(m_mutex);
        m_idle.push_back(std::move(transport));
        return response;
    }

private:
    std::unique_ptr<CurlTransport> take() {
        const std::scoped_lock lock(m_mutex);
        if (m_idle.empty()) {
            return std::make_unique<CurlTransport>(m_options, m_clock, m_interrupt);
        }
        auto transport = std::move(m_idle.back());
        m_idle.pop_back();
        return transport;
    }

    TransportOptions m_options;
    base::Clock& m_clock;
    const base::Interrupt& m_interrupt;
    std::mutex m_mutex;
    std::vector<std::unique_ptr<CurlTransport>> m_idle;
};

}  // namespace

std::unique_ptr<Transport> make_transport(TransportOptions options, base::Clock& clock,
                                          const base::Interrupt& interrupt) {
    return std::make_unique<SharedTransport>(std::move(options), clock, interrupt);
}

}  // namespace genevactl::transport
