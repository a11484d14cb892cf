// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/transport/transport.hpp"

namespace genevactl::ns {

/// One of the API's error codes and what it means here.
struct ApiErrorRow {
    int code;
    std::string_view name;
    base::ErrorKind kind;
    std::string_view hint;
    bool retryable;
};
/// Codes 0..23 of the namespace API's ErrorResponse, in order.
const std::vector<ApiErrorRow>& api_error_table();

/// The error of a response whose status is not a success. `what` names the operation and its
/// object: "describe table docs". A body of the API's shape decides by its code; anything else (a
/// proxy's page, an empty body) by its status. What the server says is stripped of control
/// characters.
base::Error api_error(const transport::Response& response, std::string_view what);

/// Is it that there is no such table, or no such namespace (codes 4 and 1)?
bool is_missing_table(const base::Error& error);

/// True if the server spoke the namespace API, whatever it said: a JSON object with a code.
bool is_api_error(const transport::Response& response);

}  // namespace genevactl::ns
