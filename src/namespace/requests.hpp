// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "genevactl/model/names.hpp"
#include "genevactl/namespace/client.hpp"
#include "genevactl/transport/transport.hpp"

namespace genevactl::ns {

/// The headers of every request, and the connection's key.
void add_connection(transport::Request& request, const Connection& connection);
/// A request of the namespace API as it goes out: POST, JSON, the connection's headers and key.
/// `path` starts with a slash and holds no secret.
transport::Request api_request(const Connection& connection, std::string_view path,
                               const nlohmann::ordered_json& body);
/// The same with an Arrow IPC stream as its body.
transport::Request stream_request(const Connection& connection, std::string_view path,
                                  std::string stream);
/// The same without a body.
transport::Request api_get(const Connection& connection, std::string_view path);

/// "/v1/table/team%24docs/describe?delimiter=%24": the operation on an object.
std::string object_path(std::string_view noun, const model::ObjectId& id,
                        std::string_view operation);

/// Sends, and turns every status other than 2xx into an error; `what` names the operation and its
/// object, as in "describe table docs".
base::Result<transport::Response> send(transport::Transport& transport,
                                       const transport::Request& request, std::string_view what);
/// send() and the answer as a JSON object; error kind failed if it is none.
base::Result<nlohmann::json> send_for_json(transport::Transport& transport,
                                           const transport::Request& request,
                                           std::string_view what);

/// What to say of a request that is sent once at most, when nobody knows whether it was carried
/// out.
struct Uncertainty {
    std::string what;  ///< "a job may exist"
    std::string hint;
};
/// Sends a request that must not be repeated; an error where no answer came, which says so if it
/// may have been accepted.
base::Result<transport::Response> deliver_once(transport::Transport& transport,
                                               transport::Request request, std::string_view what,
                                               const Uncertainty& uncertainty);
/// The error of what such a request was answered, if that is no success; says so, too, if the
/// answer is of something between.
base::Error error_of_once(const transport::Response& response, std::string_view what,
                          const Uncertainty& uncertainty);
/// send_for_json() for a request that must not be repeated: an error that leaves open whether the
/// deployment accepted it (no answer, or one of something between) says so.
base::Result<nlohmann::json> send_once(transport::Transport& transport, transport::Request request,
                                       std::string_view what, const Uncertainty& uncertainty);
/// The same for one whose answer says nothing that is needed: its body may be anything.
base::Status send_once_for_nothing(transport::Transport& transport, transport::Request request,
                                   std::string_view what, const Uncertainty& uncertainty);

/// What the Python client asks for where the user said nothing.
inline constexpr std::int64_t k_concurrency = 8;
inline constexpr std::int64_t k_intra_applier_concurrency = 1;

template <typename Value>
nlohmann::ordered_json or_null(const std::optional<Value>& value) {
    return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json(nullptr);
}

/// send_once() for a request that starts a job of `table`; the job's id.
base::Result<std::string> send_for_job(transport::Transport& transport, transport::Request request,
                                       std::string_view what, const model::ObjectId& table);

}  // namespace genevactl::ns
