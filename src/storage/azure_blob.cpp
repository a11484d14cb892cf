// SPDX-License-Identifier: Apache-2.0
#include "azure_blob.hpp"

#include <fmt/format.h>

#include "azure_place.hpp"
#include "genevactl/base/try.hpp"
#include "place.hpp"

namespace genevactl::storage {

namespace {

// The first one that has all that is used here; signatures of any version may go with it.
constexpr std::string_view k_version = "2020-12-06";
constexpr std::uint64_t k_room_for_errors = std::uint64_t{64} << 10U;  // bytes

/// The service tells an expired signature and a wrong one alike, and some of them by the name that
/// others have for a firewall; it names only what a good signature does not allow.
bool may_have_expired(const transport::Response& response) {
    return (response.status == 401 || response.status == 403) &&
           fault_of(response).code != "AuthorizationPermissionMismatch";
}

}  // namespace

BlobService::BlobService(std::string container_url, StoreOptions options, Vend vend,
                         const StoreContext& context)
    : m_url(std::move(container_url)),
      m_caller(std::move(options), std::move(vend), context, may_have_expired) {}

base::Result<transport::Response> BlobService::call(const BlobRequest& wanted) {
    const auto make = [&](const StoreOptions& options) -> base::Result<transport::Request> {
        transport::Request request{.method = wanted.method, .url = m_url};
        if (!wanted.blob.empty()) {
            request.url += "/" + encode_key(wanted.blob);
        }
        if (!wanted.query.empty()) {
            request.url += "?" + wanted.query;
        }
        GENEVACTL_TRY(request.secret_query, azure_signature(options));
        request.headers = wanted.headers;
        request.headers.emplace_back("x-ms-version", k_version);
        request.body = wanted.body;
        request.file = wanted.file;
        request.response_limit = wanted.response_limit + k_room_for_errors;
        return request;
    };
    return m_caller.call(wanted.what, make);
}

base::Status BlobService::expect(const transport::Response& response, long status,
                                 std::string_view what) const {
    if (response.status == status) {
        return {};
    }
    const auto fault = fault_of(response);
    auto error = error_of(fault, what);
    if (error.kind == base::ErrorKind::permission) {
        error.hint =
            "ask who runs the deployment for a signature (azure_storage_sas_token) that is valid "
            "and allows to read, create, write, delete and list";
    } else if (fault.code == k_no_container) {
        error.hint = "the deployment says that its files are there: ask who runs it";
    }
    return base::fail(std::move(error));
}

}  // namespace genevactl::storage
