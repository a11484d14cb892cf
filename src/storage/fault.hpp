// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "genevactl/base/error.hpp"
#include "genevactl/transport/transport.hpp"

namespace genevactl::storage {

/// What a store answered instead of what it was asked for. Texts are fit for a terminal.
struct Fault {
    long status = 0;
    std::string code = {};     ///< "AccessDenied", "AuthenticationFailed"; empty if none was told
    std::string message = {};  ///< one line; empty if none was told
    std::string request_id = {};
};

/// Reads the error of an answer: XML with a Code and a Message (S3, Azure, the XML API of GCS),
/// JSON with an `error` (GCS), the header x-ms-error-code (answers to HEAD have no body).
Fault fault_of(const transport::Response& response);

/// The error of a fault, its kind by the status: 401 and 403 permission, 404 and 410 not_found, 409
/// and 412 conflict, 429 and 503 throttled, other 5xx unreachable, else failed. `what` is what was
/// asked, with the object's URI: "write s3://bucket/key". The hint is empty but where it is the
/// same for every store.
base::Error error_of(const Fault& fault, std::string_view what);

}  // namespace genevactl::storage
