// SPDX-License-Identifier: Apache-2.0
#include "caller.hpp"

#include <fmt/format.h>

#include "genevactl/base/try.hpp"

namespace genevactl::storage {

namespace {

constexpr long k_first_error = 400;

}  // namespace

base::Result<transport::Response> Caller::send(std::string_view what, const Make& make,
                                               const StoreOptions& options) {
    GENEVACTL_TRY(auto request, make(options));
    request.repeat_after_500 = true;
    request.follow_redirects = false;
    if (request.file) {
        request.stall = m_context.stall;
    }
    auto response = m_context.transport.send(request);
    if (response) {
        if (response->status >= k_first_error) {
            response->body = transport::without_secrets_of(request, std::move(response->body));
        }
        return response;
    }
    auto error = std::move(response).error();
    error.message = fmt::format("cannot {}: {}", what, error.message);
    if (error.kind == base::ErrorKind::unreachable) {
        error.hint =
            "the deployment says where its files are: check the network from here to there and "
            "https_proxy, and capture again: what was sent is kept";
    }
    return base::fail(std::move(error));
}

base::Result<transport::Response> Caller::call(std::string_view what, const Make& make) {
    GENEVACTL_TRY(const auto options, m_options.current());
    GENEVACTL_TRY(auto response, send(what, make, *options));
    if (!m_has_expired(response)) {
        return response;
    }
    GENEVACTL_TRY(const auto fresh, m_options.instead_of(options));
    if (!fresh) {
        return response;
    }
    return send(what, make, *fresh);
}

}  // namespace genevactl::storage
