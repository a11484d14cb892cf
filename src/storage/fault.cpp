// SPDX-License-Identifier: Apache-2.0
#include "fault.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include "genevactl/base/text.hpp"

namespace genevactl::storage {

namespace {

using base::ErrorKind;

constexpr std::size_t k_longest = 400;  // bytes of a message that are shown

std::string one_line(std::string_view text) {
    // Azure adds its request's id and the time, in lines of their own.
    auto line = base::printable(base::trim(text.substr(0, text.find("\nRequestId:"))));
    std::ranges::replace(line, '\n', ' ');
    return base::elide(line, k_longest);
}

bool read_xml(const std::string& body, Fault& fault) {
    pugi::xml_document document;
    if (!document.load_buffer(body.data(), body.size())) {
        return false;
    }
    const auto root = document.document_element();
    const auto error = std::string_view(root.name()) == "Error" ? root : root.child("Error");
    fault.code = one_line(error.child_value("Code"));
    fault.message = one_line(error.child_value("Message"));
    return !fault.code.empty();
}

/// {"error": {"code": 403, "message": "…", "errors": [{"reason": "forbidden"}]}}, or the form of
/// OAuth: {"error": "invalid_grant", "error_description": "…"}.
void read_json(const std::string& body, Fault& fault) {
    const auto document = nlohmann::json::parse(body, nullptr, false);
    if (!document.is_object() || !document.contains("error")) {
        return;
    }
    const auto text = [](const nlohmann::json& object, const char* name) {
        const auto found = object.find(name);
        return found != object.end() && found->is_string() ? one_line(found->get<std::string>())
                                                           : std::string();
    };
    const auto& error = document["error"];
    if (error.is_string()) {
        fault.code = text(document, "error");
        fault.message = text(document, "error_description");
    } else if (error.is_object()) {
        fault.message = text(error, "message");
        fault.code = text(error, "status");
        const auto errors = error.find("errors");
        if (errors != error.end() && errors->is_array() && !errors->empty() &&
            errors->front().is_object()) {
            fault.code = text(errors->front(), "reason");
        }
    }
}

ErrorKind kind_of(long status) {
    switch (status) {
        case 401:
        case 403:
            return ErrorKind::permission;
        case 404:
        case 410:
            return ErrorKind::not_found;
        case 409:
        case 412:
            return ErrorKind::conflict;
        case 429:
        case 503:
            return ErrorKind::throttled;
        default:
            return status >= 500 ? ErrorKind::unreachable : ErrorKind::failed;
    }
}

}  // namespace

Fault fault_of(const transport::Response& response) {
    Fault fault{.status = response.status};
    // Google's x-guploader-uploadid is no such id: it is the key of an upload, too.
    for (const auto* name : {"x-amz-request-id", "x-ms-request-id"}) {
        if (fault.request_id.empty()) {
            fault.request_id = one_line(response.header(name).value_or(""));
        }
    }
    if (fault.request_id.empty()) {
        fault.request_id = response.request_id;
    }
    if (!read_xml(response.body, fault)) {
        read_json(response.body, fault);
    }
    if (fault.code.empty()) {
        fault.code = one_line(response.header("x-ms-error-code").value_or(""));
    }
    return fault;
}

base::Error error_of(const Fault& fault, std::string_view what) {
    auto reason = fault.code.empty() ? fmt::format("HTTP {}", fault.status)
                                     : fmt::format("{} (HTTP {})", fault.code, fault.status);
    if (!fault.message.empty()) {
        reason += ": " + fault.message;
        while (reason.ends_with('.')) {
            reason.pop_back();
        }
    }
    base::Error error{.kind = kind_of(fault.status),
                      .message = fmt::format("cannot {}: {}", what, reason)};
    error.request_id = fault.request_id;
    error.retryable = error.kind == ErrorKind::throttled || error.kind == ErrorKind::unreachable;
    if (error.kind == ErrorKind::throttled) {
        error.hint = "capture again later, or with a smaller --jobs: what was sent is kept";
    }
    return error;
}

}  // namespace genevactl::storage
