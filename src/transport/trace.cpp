// SPDX-License-Identifier: Apache-2.0
#include "trace.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "genevactl/base/secret.hpp"
#include "genevactl/base/text.hpp"
#include "outline.hpp"
#include "policy.hpp"

namespace genevactl::transport {

namespace {

using Json = nlohmann::ordered_json;

std::string shown_value(const std::string& name, const std::string& value) {
    if (is_sensitive_header(name)) {
        return "[redacted]";
    }
    return base::lower(name) == "location" ? base::redact_url(value) : base::printable(value);
}

Json shown_headers(const Headers& headers) {
    auto list = Json::array();
    for (const auto& [name, value] : headers) {
        list.push_back(Json::array({base::printable(name), shown_value(name, value)}));
    }
    return list;
}

Json shown_request(const Request& request) {
    auto headers = shown_headers(request.headers);
    for (const auto& [name, value] : request.secret_headers) {
        headers.push_back(Json::array({name, "[redacted]"}));
    }
    return {{"method", name_of(request.method)},
            {"url", base::printable(base::redact_url(request.url))},
            {"headers", std::move(headers)},
            {"bytes", request.body_size()},
            {"body", outline(request.body)}};
}

Json shown_response(const Response& response) {
    if (response.status == 0) {
        return nullptr;
    }
    return {{"status", response.status},
            {"headers", shown_headers(response.headers)},
            {"bytes", response.body.size()},
            {"body", outline(response.body)}};
}

tl::unexpected<base::Error> cannot_write(const std::filesystem::path& path, int error) {
    return base::fail(base::ErrorKind::usage,
                      fmt::format("cannot write the trace {}: {}", path.string(),
                                  std::generic_category().message(error)),
                      "name another file with --trace-http");
}

}  // namespace

std::string trace_line(const TraceEntry& entry) {
    const auto& error = entry.attempt.error;
    const Json document = {{"time", base::rfc3339(entry.started)},
                           {"request_id", entry.request_id},
                           {"attempt", entry.number},
                           {"milliseconds", entry.took.count() / 1000},
                           {"request", shown_request(entry.request)},
                           {"response", shown_response(entry.attempt.response)},
                           {"error", error ? Json(error->message) : Json()}};
    auto line = document.dump(-1, ' ', false, Json::error_handler_t::replace);
    // An answer may quote what it was sent.
    return without_secrets_of(entry.request, std::move(line));
}

base::Result<Trace> Trace::open(const std::filesystem::path& path) {
    Trace trace(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600), path);
    struct stat status {};
    if (trace.m_descriptor < 0 || ::fstat(trace.m_descriptor, &status) != 0) {
        return cannot_write(path, errno);
    }
    // What /dev/stderr is redirected to is as private as the user made it.
    const bool named = !base::starts_with(path.string(), "/dev/");
    if (named && S_ISREG(status.st_mode) && (status.st_mode & 077U) != 0) {
        return base::fail(
            base::ErrorKind::refused,
            fmt::format("the trace {} is a file that others may read (its mode is {:04o})",
                        path.string(), status.st_mode & 07777U),
            fmt::format("chmod 600 {}, or name another file", base::shell_quote(path.string())));
    }
    return trace;
}

Trace::Trace(Trace&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)), m_path(std::move(other.m_path)) {}

Trace& Trace::operator=(Trace&& other) noexcept {
    std::swap(m_descriptor, other.m_descriptor);
    std::swap(m_path, other.m_path);
    return *this;
}

Trace::~Trace() {
    if (m_descriptor >= 0) {
        ::close(m_descriptor);
    }
}

base::Status Trace::write(const TraceEntry& entry) {
    const auto line = trace_line(entry) + '\n';
    std::string_view left = line;
    while (!left.empty()) {
        const auto written = ::write(m_descriptor, left.data(), left.size());
        if (written < 0 && errno != EINTR) {
            return cannot_write(m_path, errno);
        }
        left.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
    }
    return {};
}

}  // namespace genevactl::transport
