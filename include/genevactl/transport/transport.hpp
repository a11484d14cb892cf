// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "genevactl/base/clock.hpp"
#include "genevactl/base/error.hpp"
#include "genevactl/base/log.hpp"
#include "genevactl/base/secret.hpp"

namespace genevactl::transport {

// NOLINTNEXTLINE(readability-identifier-naming): `delete` is a keyword
enum class Method : std::uint8_t { get, head, post, put, delete_ };

/// May the request be sent again when it is not known whether the first one arrived?
enum class Repeat : std::uint8_t {
    safe,  ///< reads and content-addressed writes: yes
    /// Only when it certainly was not accepted: no connection was made, 429, 503 with Retry-After.
    unaccepted,
};

using Headers = std::vector<std::pair<std::string, std::string>>;

/// A slice of a file as the body of a request. It is read while it is sent, anew for each attempt,
/// and never held in memory as a whole. A file that turns out shorter is an error (kind failed).
struct FileSlice {
    std::filesystem::path path;
    std::uint64_t offset = 0;  ///< bytes
    std::uint64_t length = 0;  ///< bytes
};

struct Request {
    Method method = Method::get;
    std::string url;
    /// Added to the URL's query when it is sent (a signature, as in "sv=…&sig=…"); treated as
    /// `secret_headers` are. It does not go along with a redirect.
    base::Secret secret_query = {};
    Headers headers = {};
    /// Sent as headers that never reach a trace, a log, or another host after a redirect; one whose
    /// value is empty is not sent.
    std::vector<std::pair<std::string, base::Secret>> secret_headers = {};
    std::string body = {};
    std::optional<FileSlice> file = {};  ///< the body, instead of `body`
    Repeat repeat = Repeat::safe;
    /// A 500 is worth another attempt if the request may be repeated: object stores answer it to
    /// what succeeds the second time.
    bool repeat_after_500 = false;
    /// False: an answer that redirects is the answer.
    bool follow_redirects = true;
    std::size_t response_limit = std::size_t{256} << 20U;  ///< bytes
    std::optional<base::Microseconds> deadline = {};  ///< replaces the transport's total deadline
    /// Replaces the total deadline, for large bodies: an attempt during which fewer than 16 KiB
    /// move within that time is ended, and another follows if the request may be repeated.
    std::optional<base::Microseconds> stall = {};

    std::uint64_t body_size() const { return file ? file->length : body.size(); }
};

struct Response {
    long status = 0;
    Headers headers = {};
    std::string body = {};
    std::string request_id =
        {};  ///< the one sent as x-request-id, or the server's if it answers one

    /// The first header of that name, whatever its case; nothing if there is none.
    std::optional<std::string> header(std::string_view name) const;
};

/// Sends requests. Any HTTP status is a Response (retries spent, redirects followed); an Error is a
/// request that got no whole answer: unreachable, refused (a key over plain http, a redirect that
/// would carry it), usage (a URL, header or CA bundle that is none), interrupted or terminated,
/// failed (the answer is over its limit or no HTTP, or libcurl is not there). An error carries the
/// request id that was sent, and is `retryable` exactly where sending the request again needs no
/// look first: after a request of Repeat::unaccepted that may have been carried out it is not. It
/// is `not_sent` where no attempt got so far as to send anything (no connection, no TLS, a proxy
/// that refused, a request that cannot be). May be called from several threads at once.
class Transport {
public:
    virtual ~Transport() = default;
    virtual base::Result<Response> send(const Request& request) = 0;
};

struct TransportOptions {
    std::optional<std::filesystem::path> ca_bundle = {};  ///< instead of the system's authorities
    base::Microseconds connect_timeout = std::chrono::seconds(10);
    base::Microseconds deadline = std::chrono::seconds(60);  ///< in all, retries and waits included
    int retries = 4;
    std::string user_agent = {};
    std::optional<std::filesystem::path> trace = {};  ///< --trace-http: redacted, appended, 0600
    base::Log* log = nullptr;                         ///< attempts and retries are told to it
};

/// The transport over libcurl (loaded at the first request), with retries by the table in
/// docs/transport.md. Keeps connections open, those of each thread that sends at the same time.
/// `clock` and `interrupt` outlive it and may be used by several threads.
std::unique_ptr<Transport> make_transport(TransportOptions options, base::Clock& clock,
                                          const base::Interrupt& interrupt);

/// One part of a URL's path or a query value, percent-encoded (RFC 3986 unreserved stay).
std::string percent_encode(std::string_view text);
/// The inverse (section 2.1); nothing if a digit is none.
std::optional<std::string> percent_decode(std::string_view text);

/// The text without the request's secrets and what of them may be quoted alone (a token, a
/// signature), as a server or libcurl may quote them.
std::string without_secrets_of(const Request& request, std::string text);

/// True if the URL's host is a loopback address or "localhost".
bool is_loopback(std::string_view url);

}  // namespace genevactl::transport
