// SPDX-License-Identifier: Apache-2.0
#include "genevactl/run/api.hpp"

#include <algorithm>
#include <array>
#include <istream>
#include <iterator>

#include <fmt/format.h>

#include "documents.hpp"
#include "genevactl/base/digest.hpp"
#include "genevactl/base/files.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/namespace/raw.hpp"
#include "genevactl/transport/method.hpp"
#include "inputs.hpp"

namespace genevactl::run {

using base::ErrorKind;

namespace {

constexpr std::array k_methods = {transport::Method::get, transport::Method::head,
                                  transport::Method::post, transport::Method::put,
                                  transport::Method::delete_};
/// Those that say who asks and where it goes: the settings decide, or the body itself.
constexpr std::array<std::string_view, 7> k_own_headers = {
    "x-api-key",      "authorization", "x-lancedb-database", "host",
    "content-length", "cookie",        "transfer-encoding",
};

base::Result<transport::Method> method_of(const std::string& text) {
    for (const auto method : k_methods) {
        if (base::lower(text) == base::lower(transport::name_of(method))) {
            return method;
        }
    }
    return base::fail(ErrorKind::usage, fmt::format("api: there is no method {}", text),
                      "METHOD is GET, HEAD, POST, PUT or DELETE");
}

/// A dot segment would lead out of the deployment's own folder of its host.
bool climbs(std::string_view path) {
    const auto segments = base::split(std::string(path.substr(0, path.find('?'))), '/');
    return std::ranges::any_of(segments, [](const std::string& segment) {
        return transport::percent_decode(segment).value_or(segment) == "..";
    });
}

/// What is wrong with a path can be seen before there is a deployment.
base::Status check_path(const std::string& path) {
    const auto bad = [&](std::string why, std::string hint) -> base::Status {
        return base::fail(ErrorKind::usage,
                          fmt::format("api: {} {}", base::printable(path), std::move(why)),
                          std::move(hint));
    };
    const bool url = path.find("://") < path.find_first_of("/?");
    if (!url && !base::starts_with(path, "/")) {
        const auto version =
            base::starts_with(path, "v1/") || base::starts_with(path, "genevactl/") ? "/" : "/v1/";
        return bad("does not start with a slash", fmt::format("write {}{}", version, path));
    }
    if (std::ranges::any_of(path, [](unsigned char c) { return c <= ' ' || c == 0x7f; })) {
        return bad("has a blank or a control character", "write %20 for a blank");
    }
    if (path.find('#') != std::string::npos) {
        return bad("has a fragment", "write %23 for #");
    }
    if (climbs(path)) {
        return bad("leads out of the deployment", "leave the .. away");
    }
    return {};
}

/// The path below the deployment. A whole URL may be pasted if it is the deployment's own; the key
/// goes nowhere else.
base::Result<std::string> path_below(const ns::Connection& connection, const std::string& path) {
    if (base::starts_with(path, "/")) {
        return path;
    }
    const auto& base_url = connection.base_url;
    if (base::starts_with(path, base_url + "/")) {
        return path.substr(base_url.size());
    }
    return base::fail(ErrorKind::refused,
                      fmt::format("api: {} is not of the deployment {}", base::redact_url(path),
                                  base::redact_url(base_url)),
                      "give the path alone (/v1/…): the key is sent to the deployment only; "
                      "another one is named with --host-override");
}

base::Result<transport::Headers> headers_of(const std::vector<std::string>& texts) {
    transport::Headers headers;
    for (const auto& text : texts) {
        const auto colon = text.find(':');
        const auto name = std::string(base::trim(text.substr(0, colon)));
        if (colon == std::string::npos || name.empty()) {
            return base::fail(ErrorKind::usage, "--header: no name and value",
                              "write 'NAME: VALUE'");
        }
        if (std::ranges::find(k_own_headers, base::lower(name)) != k_own_headers.end()) {
            return base::fail(ErrorKind::usage,
                              fmt::format("--header {}: that one comes from the settings", name),
                              "see docs/settings.md for keys, tokens and databases");
        }
        headers.emplace_back(name, std::string(base::trim(text.substr(colon + 1))));
    }
    return headers;
}

base::Result<std::string> body_of(const Session& session, const std::string& file) {
    if (file != "-") {
        return base::read_file(from_working_directory(session, file));
    }
    auto* input = session.surroundings().input;
    if (input == nullptr) {
        return base::fail(ErrorKind::usage, "--body -: there is no standard input");
    }
    return std::string(std::istreambuf_iterator<char>(*input), {});
}

/// The request as far as it can be checked without a deployment.
base::Result<ns::RawRequest> request_of(const Session& session, const Api& request) {
    ns::RawRequest raw{.path = request.path};
    GENEVACTL_TRY(raw.method, method_of(request.method));
    GENEVACTL_CHECK(check_path(request.path));
    GENEVACTL_TRY(raw.headers, headers_of(request.headers));
    const bool reads =
        raw.method == transport::Method::get || raw.method == transport::Method::head;
    if (request.body && reads) {
        return base::fail(ErrorKind::usage,
                          fmt::format("api: {} takes no --body", transport::name_of(raw.method)),
                          "the query is part of the path: '/v1/…?name=value'");
    }
    if (request.body) {
        GENEVACTL_TRY(raw.body, body_of(session, *request.body));
        raw.headers.insert(raw.headers.begin(), {"Content-Type", "application/json"});
    }
    return raw;
}

bool is_text(std::string_view bytes) {
    return base::is_utf8(bytes) && bytes.find('\0') == std::string_view::npos;
}

Json document_of(const transport::Response& response) {
    auto document = versioned();
    document["status"] = response.status;
    document["request_id"] =
        response.request_id.empty() ? Json(nullptr) : Json(response.request_id);
    document["headers"] = Json::array();
    for (const auto& [name, value] : response.headers) {
        document["headers"].push_back({{"name", name}, {"value", value}});
    }
    auto json = Json::parse(response.body, nullptr, false);
    if (!json.is_discarded()) {
        document["body"] = std::move(json);
    } else if (response.body.empty()) {
        document["body"] = nullptr;
    } else if (is_text(response.body)) {
        document["body"] = response.body;
    } else {
        document["body"] = nullptr;
        document["body_base64"] = base::base64_encode(response.body);
    }
    return document;
}

Answer written(const Session& session, const std::filesystem::path& out,
               const transport::Response& response) {
    GENEVACTL_CHECK(base::write_atomic(from_working_directory(session, out), response.body));
    auto document = versioned();
    document["status"] = response.status;
    document["file"] = out.string();
    document["bytes"] = response.body.size();
    const auto said = fmt::format(
        "wrote {} to {}", base::plural(static_cast<long long>(response.body.size()), "byte"),
        out.string());
    return outcome_of(document, out.string(), {model::Text{{said}}});
}

/// The body as it is, for a file or a pipe; on a terminal, text that cannot play tricks with it.
base::Result<std::string> shown(const Session& session, const std::string& body) {
    if (!session.surroundings().stdout_is_terminal) {
        return body;
    }
    if (!is_text(body)) {
        return base::fail(ErrorKind::usage,
                          fmt::format("the answer is binary ({}): it is not shown on a terminal",
                                      base::plural(static_cast<long long>(body.size()), "byte")),
                          "give --out FILE, or -o json");
    }
    auto text = base::printable(body);
    if (!text.empty() && text.back() != '\n') {
        text += '\n';
    }
    return text;
}

}  // namespace

Answer api(Session& session, const Api& request) {
    GENEVACTL_TRY(auto raw, request_of(session, request));
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_TRY(raw.path, path_below(client->connection(), raw.path));
    GENEVACTL_TRY(const auto response, ns::send_raw(*client, raw));
    if (request.out) {
        return written(session, *request.out, response);
    }
    auto outcome = outcome_of(document_of(response), std::to_string(response.status), {});
    auto text = shown(session, response.body);
    if (text) {
        outcome.raw = std::move(*text);
    } else if (!request.as_document) {
        return base::fail(std::move(text).error());
    }
    return outcome;
}

}  // namespace genevactl::run
