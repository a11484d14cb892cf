// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace genevactl::test {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

/// A request as it arrived.
struct HttpRequest {
    std::string method;
    std::string target;  ///< path and query, as sent
    std::string path;    ///< percent-decoded
    std::string query;   ///< without "?", as sent
    HttpHeaders headers = {};
    std::string body = {};
    int connection = 0;  ///< the number of the connection it came on, from 1

    /// The first header of that name, whatever its case, or "".
    std::string header(std::string_view name) const;
    bool has_header(std::string_view name) const;
};

/// What a server may do instead of answering as it should.
enum class Fault {
    none,
    drop,     ///< closes the connection without a byte
    reset,    ///< the same with a TCP reset
    stall,    ///< says nothing until the client goes away or the server ends
    cut_off,  ///< sends the headers and half of the body, then closes
    hang,     ///< sends the headers and half of the body, then says nothing more
    endless,  ///< sends the body again and again, chunked, until the client goes away
};

struct HttpResponse {
    int status = 200;
    HttpHeaders headers = {};
    std::string body = {};
    Fault fault = Fault::none;
    std::optional<std::size_t> declared_length = {};  ///< a Content-Length that is not the body's
    bool chunked = false;                             ///< no Content-Length, the body in chunks
    bool close = false;                               ///< closes the connection after the answer
    std::function<void()> when_sent = {};             ///< called before Fault::hang falls silent
    std::string raw = {};  ///< sent instead of everything else, then closed
};

/// `application/json` with this text.
HttpResponse json_response(int status, std::string body);

/// Called for each request, one at a time, on a thread of the server's.
using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

/// A server of plain HTTP/1.1 on 127.0.0.1 and a port that is free, for tests: keeps connections
/// open as real ones do, remembers every request, and can misbehave. It ends with its scope.
class HttpServer {
public:
    explicit HttpServer(HttpHandler handler);
    /// Answers the n-th request with the n-th response, every later one with the last.
    explicit HttpServer(std::vector<HttpResponse> script);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    int port() const;
    /// "http://127.0.0.1:PORT", without a trailing slash.
    std::string url() const;
    /// A copy of what has come so far.
    std::vector<HttpRequest> requests() const;
    /// How many connections were made so far.
    int connections() const;

private:
    class State;
    std::unique_ptr<State> m_state;
};

/// A port on 127.0.0.1 that nothing listens on.
int unused_port();

}  // namespace genevactl::test
