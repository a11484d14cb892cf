// SPDX-License-Identifier: Apache-2.0
// Headers and paths as geneva 0.17 sends them (observed): x-api-key, x-lancedb-database, the id's
// parts joined by "$" in the path, with the delimiter as a query parameter, and the list in the
// body.
#include "requests.hpp"

#include <fmt/format.h>

#include "api_errors.hpp"
#include "api_json.hpp"
#include "genevactl/base/surroundings.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"

namespace genevactl::ns {

namespace {

base::Result<nlohmann::json> json_object(const transport::Response& response,
                                         std::string_view what) {
    auto json = parse_json(response.body);
    if (json && json->is_object()) return *std::move(json);
    auto error = api_error(response, what);
    error.kind = base::ErrorKind::failed;
    error.hint = "check the deployment's URL (LANCEDB_URI): something else answers there";
    error.message += " (not the JSON object of the API)";
    return base::fail(std::move(error));
}

/// Statuses that something between may answer while the deployment works on.
bool says_nothing(long status) {
    return status == 408 || (status >= 500 && status != 501 && status != 503);
}

base::Error uncertain(base::Error error, const Uncertainty& uncertainty) {
    error.message += fmt::format("; the deployment may have accepted it: {}", uncertainty.what);
    error.hint = uncertainty.hint;
    error.retryable = false;
    return error;
}

}  // namespace

void add_connection(transport::Request& request, const Connection& connection) {
    request.headers.emplace_back("Accept", "*/*");
    request.headers.emplace_back("x-lancedb-database", connection.database);
    request.headers.emplace_back("User-Agent", "genevactl/" + std::string(base::version()));
    if (!connection.api_key.empty()) {
        request.secret_headers.emplace_back("x-api-key", connection.api_key);
    }
    if (!connection.bearer.empty()) {
        request.secret_headers.emplace_back(
            "Authorization", base::Secret("Bearer " + std::string(connection.bearer.reveal())));
    }
}

transport::Request api_request(const Connection& connection, std::string_view path,
                               const nlohmann::ordered_json& body) {
    transport::Request request;
    request.method = transport::Method::post;
    request.url = connection.base_url + std::string(path);
    request.headers.emplace_back("Content-Type", "application/json");
    add_connection(request, connection);
    // What a user typed may be no UTF-8: it arrives as U+FFFD rather than ending the program.
    request.body = body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    return request;
}

transport::Request stream_request(const Connection& connection, std::string_view path,
                                  std::string stream) {
    auto request = api_request(connection, path, nullptr);
    for (auto& [name, value] : request.headers) {
        if (name == "Content-Type") value = "application/vnd.apache.arrow.stream";
    }
    request.body = std::move(stream);
    return request;
}

transport::Request api_get(const Connection& connection, std::string_view path) {
    transport::Request request;
    request.url = connection.base_url + std::string(path);
    add_connection(request, connection);
    return request;
}

std::string object_path(std::string_view noun, const model::ObjectId& id,
                        std::string_view operation) {
    // The root namespace has no parts; the API names it by the delimiter alone.
    const auto joined = id.parts.empty() ? std::string("$") : id.joined();
    return fmt::format("/v1/{}/{}/{}?delimiter=%24", noun, transport::percent_encode(joined),
                       operation);
}

base::Result<transport::Response> send(transport::Transport& transport,
                                       const transport::Request& request, std::string_view what) {
    auto response = transport.send(request);
    if (!response) {
        return base::fail(
            std::move(response).error().while_doing(fmt::format("trying to {}", what)));
    }
    if (response->status < 200 || response->status > 299) {
        return base::fail(api_error(*response, what));
    }
    return response;
}

base::Result<nlohmann::json> send_for_json(transport::Transport& transport,
                                           const transport::Request& request,
                                           std::string_view what) {
    GENEVACTL_TRY(const auto response, send(transport, request, what));
    return json_object(response, what);
}

base::Result<transport::Response> deliver_once(transport::Transport& transport,
                                               transport::Request request, std::string_view what,
                                               const Uncertainty& uncertainty) {
    request.repeat = transport::Repeat::unaccepted;
    auto response = transport.send(request);
    if (!response) {
        auto error = std::move(response).error().while_doing(fmt::format("trying to {}", what));
        if (error.not_sent) {
            error.message += "; nothing was sent";
            return base::fail(std::move(error));
        }
        // A redirect that is not followed: the server passed it on instead of carrying it out.
        const bool passed_on = error.kind == base::ErrorKind::refused;
        return base::fail(passed_on ? std::move(error) : uncertain(std::move(error), uncertainty));
    }
    return response;
}

base::Error error_of_once(const transport::Response& response, std::string_view what,
                          const Uncertainty& uncertainty) {
    auto error = api_error(response, what);
    const bool of_gateway = !is_api_error(response) && says_nothing(response.status);
    return of_gateway ? uncertain(std::move(error), uncertainty) : error;
}

namespace {

/// The answer (2xx) to a request that is sent once at most.
base::Result<transport::Response> exchange_once(transport::Transport& transport,
                                                transport::Request request, std::string_view what,
                                                const Uncertainty& uncertainty) {
    GENEVACTL_TRY(auto response, deliver_once(transport, std::move(request), what, uncertainty));
    if (response.status < 200 || response.status > 299) {
        return base::fail(error_of_once(response, what, uncertainty));
    }
    return response;
}

}  // namespace

base::Result<nlohmann::json> send_once(transport::Transport& transport, transport::Request request,
                                       std::string_view what, const Uncertainty& uncertainty) {
    GENEVACTL_TRY(const auto response,
                  exchange_once(transport, std::move(request), what, uncertainty));
    auto answer = json_object(response, what);
    if (answer) return answer;
    return base::fail(uncertain(std::move(answer).error(), uncertainty));
}

base::Status send_once_for_nothing(transport::Transport& transport, transport::Request request,
                                   std::string_view what, const Uncertainty& uncertainty) {
    GENEVACTL_CHECK(exchange_once(transport, std::move(request), what, uncertainty));
    return {};
}

base::Result<std::string> send_for_job(transport::Transport& transport, transport::Request request,
                                       std::string_view what, const model::ObjectId& table) {
    // The jobs table knows a table by its last name alone.
    const auto look = fmt::format("genevactl job list --table {} --status PENDING,RUNNING",
                                  base::shell_quote(table.parts.back()));
    const Uncertainty uncertainty = {"a job may exist",
                                     fmt::format("look with `{}` before starting another", look)};
    GENEVACTL_TRY(const auto answer, send_once(transport, std::move(request), what, uncertainty));
    auto job = text_member(answer, "job_id").value_or("");
    if (!job.empty()) return job;
    return base::fail(base::ErrorKind::failed,
                      fmt::format("cannot {}: the deployment's answer names no job", what),
                      "look with `" + look + "`");
}

}  // namespace genevactl::ns
