// SPDX-License-Identifier: Apache-2.0
#include "s3_wire.hpp"

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"

namespace genevactl::storage {

S3Wire::S3Wire(Place place, StoreOptions options, Vend vend, const StoreContext& context)
    : m_place(std::move(place)),
      m_caller(std::move(options), std::move(vend), context, s3_has_expired) {}

base::Result<transport::Response> S3Wire::send(std::string_view what, const S3Call& call) {
    return m_caller.call(what, [&](const StoreOptions& options) {
        return s3_request(call, m_place, options, context().clock.now());
    });
}

base::Result<transport::Response> S3Wire::ask(std::string_view what, const S3Call& call) {
    GENEVACTL_TRY(auto response, send(what, call));
    if (response.status / 100 != 2) {
        return base::fail(error_of(response, what));
    }
    return response;
}

base::Error S3Wire::error_of(const transport::Response& response, std::string_view what) const {
    return s3_error(response, what, m_place, context().clock.now());
}

base::Status check_told_sha256(const transport::Response& response, std::string_view ours,
                               std::string_view what) {
    const auto told = response.header("x-amz-checksum-sha256");
    if (!told || *told == ours) {
        return {};
    }
    return base::fail(base::ErrorKind::failed,
                      fmt::format("cannot {}: the store received other bytes than were sent (its "
                                  "SHA-256 is {})",
                                  what, base::printable(*told)),
                      "capture again: something on the way changes what is sent");
}

}  // namespace genevactl::storage
