// SPDX-License-Identifier: Apache-2.0
#include "policy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"

namespace genevactl::transport {

namespace {

/// A token (RFC 9110 section 5.6.2).
bool is_header_name(std::string_view name) {
    constexpr std::string_view k_token =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~";
    return !name.empty() && name.find_first_not_of(k_token) == std::string_view::npos;
}

/// Visible characters, spaces, tabs and bytes beyond ASCII (section 5.5).
bool is_header_value(std::string_view value) {
    return std::none_of(value.begin(), value.end(), [](char c) {
        return c != '\t' && (static_cast<unsigned char>(c) < 0x20 || c == 0x7F);
    });
}

/// The value is not shown: it may be a key that was pasted with a line break.
base::Status check_header(std::string_view name, std::string_view value) {
    if (!is_header_name(name)) {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("'{}' is no name of a header", base::printable(name)));
    }
    if (!is_header_value(value)) {
        return base::fail(
            base::ErrorKind::usage,
            fmt::format("the value of the header {} holds a line break or another character "
                        "that a header cannot carry",
                        name),
            "look for a line break at the end of the key or token");
    }
    return {};
}

Request without_secrets(Request request) {
    request.secret_headers.clear();
    std::erase_if(request.headers,
                  [](const auto& header) { return is_sensitive_header(header.first); });
    return request;
}

}  // namespace

std::string_view name_of(Method method) {
    switch (method) {
        case Method::get:
            return "GET";
        case Method::head:
            return "HEAD";
        case Method::post:
            return "POST";
        case Method::put:
            return "PUT";
        case Method::delete_:
            break;
    }
    return "DELETE";
}

bool is_sensitive_header(std::string_view name) {
    constexpr std::array<std::string_view, 10> k_parts = {
        "authorization", "cookie", "key",        "token",   "secret",
        "signature",     "passw",  "credential", "session", "uploadid"};
    const auto lowered = base::lower(name);
    return std::any_of(k_parts.begin(), k_parts.end(), [&lowered](std::string_view part) {
        return lowered.find(part) != std::string::npos;
    });
}

bool carries_secret(const Request& request) {
    return !request.secret_query.empty() ||
           std::any_of(request.secret_headers.begin(), request.secret_headers.end(),
                       [](const auto& header) { return !header.second.empty(); }) ||
           std::any_of(request.headers.begin(), request.headers.end(),
                       [](const auto& header) { return is_sensitive_header(header.first); });
}

namespace {

/// A part of a secret that may be quoted alone; dates and words are shorter.
std::string redact_long(std::string text, const std::string& part) {
    constexpr std::size_t k_shortest = 16;  // characters
    return part.size() < k_shortest ? text : base::redact(std::move(text), base::Secret(part));
}

}  // namespace

std::string with_secret_query(const Request& request, const Url& url) {
    if (request.secret_query.empty()) {
        return url.text;
    }
    return fmt::format("{}{}{}", url.text, url.text.find('?') == std::string::npos ? '?' : '&',
                       request.secret_query.reveal());
}

std::string without_secrets_of(const Request& request, std::string text) {
    for (const auto& [name, value] : request.secret_headers) {
        text = base::redact(std::move(text), value);
        for (const auto& word : base::split(value.reveal(), ' ')) {  // of "Bearer TOKEN"
            text = redact_long(std::move(text), word);
        }
    }
    text = base::redact(std::move(text), request.secret_query);
    for (const auto& part : base::split(request.secret_query.reveal(), '&')) {
        const auto value = part.substr(part.find('=') + 1);
        text = redact_long(std::move(text), value);
        text = redact_long(std::move(text), percent_decode(value).value_or(""));
    }
    return text;
}

base::Status check_request(const Request& request, const Url& url) {
    for (const auto& [name, value] : request.headers) {
        GENEVACTL_CHECK(check_header(name, value));
    }
    for (const auto& [name, value] : request.secret_headers) {
        GENEVACTL_CHECK(check_header(name, value.reveal()));
    }
    if (request.secret_query.reveal().find_first_of(" \t\r\n#") != std::string_view::npos) {
        return base::fail(base::ErrorKind::usage,
                          "the secret part of a URL holds a space, a line break or a #");
    }
    if (carries_secret(request) && !url.secure && !url.is_loopback()) {
        return base::fail(
            base::ErrorKind::refused,
            fmt::format("a key is not sent in plain text to {}: anyone on the way could read it",
                        url.origin()),
            "use https://; plain http is for 127.0.0.1, [::1] and localhost");
    }
    return {};
}

base::Result<Request> redirected(const Request& request, const Url& from, long status,
                                 const Url& to) {
    const auto redirects = fmt::format("{} redirects {} to {} (status {})", from.origin(),
                                       name_of(request.method), to.origin(), status);
    const auto hint = fmt::format(
        "if {} is the right address, name it with --host-override or "
        "LANCEDB_URI",
        to.origin());
    if (from.secure && !to.secure) {
        return base::fail(base::ErrorKind::refused,
                          redirects + ", from https to plain http: not followed");
    }
    const bool reads = request.method == Method::get || request.method == Method::head;
    if (!reads && status != 307 && status != 308) {
        return base::fail(base::ErrorKind::failed,
                          redirects + ", which would turn it into a GET: not followed", hint);
    }
    const bool same = to.same_origin(from);
    if (!reads && !same) {
        return base::fail(base::ErrorKind::refused,
                          redirects + ": what was sent here is not sent elsewhere", hint);
    }
    auto next = same ? request : without_secrets(request);
    next.secret_query = {};
    next.url = to.text;
    return next;
}

bool is_redirect(long status) {
    constexpr std::array<long, 5> k_statuses = {301, 302, 303, 307, 308};
    return std::find(k_statuses.begin(), k_statuses.end(), status) != k_statuses.end();
}

}  // namespace genevactl::transport
