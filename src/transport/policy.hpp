// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "genevactl/base/error.hpp"
#include "genevactl/transport/method.hpp"
#include "genevactl/transport/transport.hpp"
#include "url.hpp"

namespace genevactl::transport {

/// True for headers whose value is never shown and never goes to another origin, even where a
/// caller did not say that they are secret: authorization, cookies, anything named after a key, a
/// token, a secret, a signature, a password or credentials.
bool is_sensitive_header(std::string_view name);

/// True if the request carries something that is nobody else's business.
bool carries_secret(const Request& request);

/// The URL as it is sent, with the secret part of its query: never to be shown.
std::string with_secret_query(const Request& request, const Url& url);

/// What must hold before anything is sent: header names and values in their grammar (RFC 9110
/// section 5; kind usage), and no secret over plain http but to loopback (kind refused).
base::Status check_request(const Request& request, const Url& url);

/// The request that an answer with this status and location leads to: GET and HEAD follow to any
/// origin, without secrets to another; others follow 307 and 308 to the same origin only, because
/// their body would go along. Errors: refused (to plain http, or to another origin), failed (a
/// status that would turn a POST into a GET). `to` is where the location points at.
base::Result<Request> redirected(const Request& request, const Url& from, long status,
                                 const Url& to);

/// 301, 302, 303, 307 and 308.
bool is_redirect(long status);

}  // namespace genevactl::transport
