// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "genevactl/namespace/client.hpp"
#include "genevactl/transport/transport.hpp"

namespace genevactl::ns {

/// A request that somebody wrote by hand.
struct RawRequest {
    transport::Method method = transport::Method::get;
    std::string path;  ///< with its query, from the slash behind the deployment's host
    transport::Headers headers = {};
    std::string body = {};
};

/// Sends a read with the connection's database and key; any status is an answer.
base::Result<transport::Response> ask_raw(Client& client, const RawRequest& request);
/// The error of an answer whose status is no success; `what` says what was asked.
base::Error error_of(const transport::Response& response, std::string_view what);

/// Sends it with the connection's database and key, and answers the response of a success. Reads
/// (GET, HEAD) are repeated as all reads are; anything else is sent again only where it certainly
/// was not accepted. Any other status is the API's error (by code, else by status), the body in its
/// `detail`; where nobody knows whether the deployment carried it out, the error says so.
base::Result<transport::Response> send_raw(Client& client, const RawRequest& request);

}  // namespace genevactl::ns
