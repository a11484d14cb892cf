// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "support/http_server.hpp"

// What the test's server reads from and writes to one connection.
namespace genevactl::test::wire {

/// The next request, its bytes taken off `buffer` and the socket; nothing if the client went away
/// or does not speak HTTP.
std::optional<HttpRequest> read_request(int socket, std::string& buffer);

/// Sends the response, faults and all; false if the connection is to be closed.
bool answer(int socket, const HttpRequest& request, const HttpResponse& response);

}  // namespace genevactl::test::wire
