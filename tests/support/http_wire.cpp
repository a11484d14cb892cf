// SPDX-License-Identifier: Apache-2.0
#include "support/http_wire.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

namespace genevactl::test::wire {

namespace {

std::string percent_decode(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            const std::string digits(text.substr(i + 1, 2));
            result += static_cast<char>(std::strtol(digits.c_str(), nullptr, 16));
            i += 2;
        } else {
            result += text[i];
        }
    }
    return result;
}

/// The next line without its end, taken off the front of `text`.
std::string_view take_line(std::string_view& text) {
    const auto end = std::min(text.find("\r\n"), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 2, text.size()));
    return line;
}

HttpRequest parse_head(std::string_view head) {
    HttpRequest request;
    auto line = take_line(head);
    request.method = line.substr(0, line.find(' '));
    line.remove_prefix(std::min(request.method.size() + 1, line.size()));
    request.target = line.substr(0, line.find(' '));
    const auto question = request.target.find('?');
    request.path = percent_decode(request.target.substr(0, question));
    request.query = question == std::string::npos ? "" : request.target.substr(question + 1);
    while (!head.empty()) {
        line = take_line(head);
        const auto colon = line.find(':');
        if (colon != std::string_view::npos) {
            auto value = line.substr(colon + 1);
            value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
            request.headers.emplace_back(line.substr(0, colon), value);
        }
    }
    return request;
}

bool send_all(int socket, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

std::string chunk(std::string_view bytes) {
    std::array<char, 24> size{};
    const int length = std::snprintf(size.data(), size.size(), "%zx\r\n", bytes.size());
    return std::string(size.data(), static_cast<std::size_t>(length)) + std::string(bytes) + "\r\n";
}

std::string head_of(const HttpResponse& response, bool chunked) {
    auto text = "HTTP/1.1 " + std::to_string(response.status) + " Scripted\r\n";
    for (const auto& [name, value] : response.headers) {
        text += name + ": " + value + "\r\n";
    }
    const bool bodiless = response.status == 204 || response.status == 304;
    if (chunked) {
        text += "Transfer-Encoding: chunked\r\n";
    } else if (!bodiless) {
        const auto length = response.declared_length.value_or(response.body.size());
        text += "Content-Length: " + std::to_string(length) + "\r\n";
    }
    return text + (response.close ? "Connection: close\r\n\r\n" : "\r\n");
}

void wait_for_client_to_leave(int socket) {
    std::array<char, 4096> buffer{};
    while (::recv(socket, buffer.data(), buffer.size(), 0) > 0) {
    }
}

bool fill(int socket, std::string& buffer) {
    std::array<char, 65536> bytes{};
    const auto got = ::recv(socket, bytes.data(), bytes.size(), 0);
    if (got <= 0) {
        return false;
    }
    buffer.append(bytes.data(), static_cast<std::size_t>(got));
    return true;
}

}  // namespace

std::optional<HttpRequest> read_request(int socket, std::string& buffer) {
    auto end = buffer.find("\r\n\r\n");
    for (; end == std::string::npos; end = buffer.find("\r\n\r\n")) {
        if (!fill(socket, buffer)) {
            return std::nullopt;
        }
        if (buffer.front() < 'A' || buffer.front() > 'Z') {  // e.g. a TLS handshake
            send_all(socket, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
            return std::nullopt;
        }
    }
    auto request = parse_head(std::string_view(buffer).substr(0, end));
    buffer.erase(0, end + 4);
    const auto length = std::strtoull(request.header("content-length").c_str(), nullptr, 10);
    while (buffer.size() < length) {
        if (!fill(socket, buffer)) {
            return std::nullopt;
        }
    }
    request.body = buffer.substr(0, length);
    buffer.erase(0, length);
    return request;
}

bool answer(int socket, const HttpRequest& request, const HttpResponse& response) {
    switch (response.fault) {
        case Fault::drop:
            return false;
        case Fault::reset: {
            const linger at_once = {1, 0};
            ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
            return false;
        }
        case Fault::stall:
            wait_for_client_to_leave(socket);
            return false;
        case Fault::endless:
            send_all(socket, head_of(response, true));
            while (send_all(socket, chunk(response.body))) {
            }
            return false;
        case Fault::cut_off:
        case Fault::hang:
            send_all(socket,
                     head_of(response, false) + response.body.substr(0, response.body.size() / 2));
            if (response.fault == Fault::hang) {
                if (response.when_sent) {
                    response.when_sent();
                }
                wait_for_client_to_leave(socket);
            }
            return false;
        case Fault::none:
            break;
    }
    if (!response.raw.empty()) {
        send_all(socket, response.raw);
        return false;
    }
    auto text = head_of(response, response.chunked);
    if (request.method != "HEAD") {
        if (response.chunked) {
            text += (response.body.empty() ? "" : chunk(response.body)) + "0\r\n\r\n";
        } else {
            text += response.body;
        }
    }
    return send_all(socket, text) && !response.close && !response.declared_length;
}

}  // namespace genevactl::test::wire
