// SPDX-License-Identifier: Apache-2.0
#include "support/http_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <list>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "support/http_wire.hpp"

namespace genevactl::test {

namespace {

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

sockaddr_in loopback() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

/// Binds a new socket to a free port; both.
std::pair<int, int> bind_somewhere() {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = loopback();
    socklen_t size = sizeof address;
    if (socket < 0 || ::bind(socket, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        throw std::runtime_error("the test's server has no port");
    }
    return {socket, ntohs(address.sin_port)};
}

}  // namespace

std::string HttpRequest::header(std::string_view name) const {
    for (const auto& [each, value] : headers) {
        if (lower(each) == lower(name)) {
            return value;
        }
    }
    return "";
}

bool HttpRequest::has_header(std::string_view name) const {
    return std::any_of(headers.begin(), headers.end(),
                       [name](const auto& header) { return lower(header.first) == lower(name); });
}

HttpResponse json_response(int status, std::string body) {
    HttpResponse response;
    response.status = status;
    response.headers = {{"Content-Type", "application/json"}};
    response.body = std::move(body);
    return response;
}

class HttpServer::State {
public:
    explicit State(HttpHandler handler) : m_handler(std::move(handler)) {
        std::tie(m_listener, m_port) = bind_somewhere();
        if (::listen(m_listener, 64) != 0) {
            throw std::runtime_error("the test's server cannot listen");
        }
        m_acceptor = std::thread([this] { accept_all(); });
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
        m_ending = true;
        ::shutdown(m_listener, SHUT_RDWR);
        m_acceptor.join();
        ::close(m_listener);
        {
            const std::scoped_lock lock(m_sockets_mutex);
            for (const int socket : m_sockets) {
                ::shutdown(socket, SHUT_RDWR);
            }
        }
        for (auto& thread : m_threads) {
            thread.join();
        }
    }

    int port() const { return m_port; }
    int connections() const { return m_connections; }
    std::vector<HttpRequest> requests() const {
        const std::scoped_lock lock(m_mutex);
        return m_requests;
    }

private:
    void accept_all() {
        while (!m_ending) {
            const int socket = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
            if (socket < 0) {
                continue;
            }
            const std::scoped_lock lock(m_sockets_mutex);
            m_sockets.push_back(socket);
            m_threads.emplace_back([this, socket, number = ++m_connections] {
                serve(socket, number);
                const std::scoped_lock closing(m_sockets_mutex);
                std::erase(m_sockets, socket);
                ::close(socket);
            });
        }
    }

    void serve(int socket, int number) {
        std::string buffer;
        while (!m_ending) {
            const auto request = wire::read_request(socket, buffer);
            if (!request) {
                return;
            }
            HttpResponse response;
            {
                const std::scoped_lock lock(m_mutex);
                m_requests.push_back(*request);
                m_requests.back().connection = number;
                response = m_handler(m_requests.back());
            }
            if (!wire::answer(socket, *request, response)) {
                return;
            }
        }
    }

    HttpHandler m_handler;
    int m_listener = -1;
    int m_port = 0;
    std::atomic<bool> m_ending = false;
    std::atomic<int> m_connections = 0;
    mutable std::mutex m_mutex;  // the handler and what it remembers
    std::vector<HttpRequest> m_requests;
    std::mutex m_sockets_mutex;
    std::vector<int> m_sockets;
    std::list<std::thread> m_threads;
    std::thread m_acceptor;
};

HttpServer::HttpServer(HttpHandler handler)
    : m_state(std::make_unique<State>(std::move(handler))) {}

HttpServer::HttpServer(std::vector<HttpResponse> script)
    : HttpServer([script = std::move(script), next = std::size_t{0}](const HttpRequest&) mutable {
          const auto& response = script.at(std::min(next, script.size() - 1));
          ++next;
          return response;
      }) {}

HttpServer::~HttpServer() = default;

int HttpServer::port() const {
    return m_state->port();
}

std::string HttpServer::url() const {
    return "http://127.0.0.1:" + std::to_string(port());
}

std::vector<HttpRequest> HttpServer::requests() const {
    return m_state->requests();
}

int HttpServer::connections() const {
    return m_state->connections();
}

int unused_port() {
    const auto [socket, port] = bind_somewhere();
    ::close(socket);
    return port;
}

}  // namespace genevactl::test
