// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <system_error>
#include <tuple>

#include <fmt/format.h>

#include "genevactl/base/files.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "supervisor.hpp"

namespace genevactl::local {
namespace {

constexpr base::Microseconds k_answer_within = std::chrono::seconds(3);
constexpr std::size_t k_status_limit = std::size_t{4} << 20U;

transport::Request status_request(const std::string& url, const base::Secret& key) {
    transport::Request request;
    request.url = url + "/genevactl/v1/status";
    request.secret_headers.emplace_back("x-api-key", key);
    request.response_limit = k_status_limit;
    request.deadline = k_answer_within;
    return request;
}

/// What an answer other than 200 means.
tl::unexpected<base::Error> refused_status(const std::string& url, long status) {
    if (status == 401 || status == 403) {
        return base::fail(base::ErrorKind::unauthenticated,
                          "the local deployment at " + url + " does not take its own key",
                          "its key file was changed while it ran: stop and start it");
    }
    return base::fail(
        base::ErrorKind::failed,
        fmt::format("the local deployment at {} answered its status with HTTP {}", url, status),
        "see its log with `genevactl local logs`, or stop and start it");
}

/// Asks a running process whether it answers, too; nothing if it does not.
base::Result<std::optional<Endpoint>> ask(transport::Transport& transport,
                                          const std::filesystem::path& state, EndpointFile file) {
    GENEVACTL_TRY(auto key_text, base::read_private_file(state / "key"));
    base::Secret key{std::string(base::trim(key_text))};
    auto response = transport.send(status_request(file.url, key));
    if (!response) {
        const auto kind = response.error().kind;
        if (kind == base::ErrorKind::unreachable || kind == base::ErrorKind::throttled) {
            return std::nullopt;
        }
        return base::fail(std::move(response).error());
    }
    if (response->status != 200) return refused_status(file.url, response->status);
    return Endpoint{std::move(file.url),        std::move(key),
                    file.process.pid,           Place{file.kind, file.root, state},
                    std::move(file.started_at), std::move(file.python),
                    std::move(file.geneva)};
}

base::Result<std::optional<Endpoint>> find_in(const Means& means,
                                              const std::filesystem::path& state) {
    GENEVACTL_TRY(auto file, find_process(means.processes, state));
    if (!file) return std::nullopt;
    return ask(means.transport, state, std::move(*file));
}

}  // namespace

base::Result<std::optional<EndpointFile>> find_process(Processes& processes,
                                                       const std::filesystem::path& state) {
    GENEVACTL_TRY(auto file, read_endpoint_file(state));
    if (file && !processes.alive(file->process)) return std::nullopt;
    return file;
}

base::Result<std::optional<Endpoint>> find(const Means& means, const Place& place) {
    return find_in(means, place.state);
}

base::Result<std::optional<Endpoint>> find_last_started(const Means& means) {
    const auto place = last_started_place(means.surroundings);
    if (!place) return std::nullopt;
    return find_in(means, place->state);
}

base::Result<std::vector<Endpoint>> find_all(const Means& means) {
    std::vector<Endpoint> endpoints;
    std::error_code error;
    std::filesystem::directory_iterator folders(deployments_folder(means.surroundings), error);
    for (; !error && folders != std::filesystem::directory_iterator(); folders.increment(error)) {
        // One that cannot be asked must not hide the others.
        auto found = find_in(means, folders->path());
        if (found && *found) endpoints.push_back(std::move(**found));
    }
    std::ranges::sort(endpoints, [](const Endpoint& left, const Endpoint& right) {
        return std::tie(left.started_at, left.place.folder) <
               std::tie(right.started_at, right.place.folder);
    });
    return endpoints;
}

base::Result<std::string> status(transport::Transport& transport, const Endpoint& endpoint) {
    GENEVACTL_TRY(auto response, transport.send(status_request(endpoint.url, endpoint.api_key)));
    if (response.status != 200) return refused_status(endpoint.url, response.status);
    return std::move(response.body);
}

}  // namespace genevactl::local
