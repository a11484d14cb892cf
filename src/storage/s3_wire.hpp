// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "caller.hpp"
#include "place.hpp"
#include "s3_request.hpp"

namespace genevactl::storage {

/// The requests of one bucket's prefix, signed and sent. For several threads at once.
class S3Wire {
public:
    S3Wire(Place place, StoreOptions options, Vend vend, const StoreContext& context);

    const Place& place() const { return m_place; }
    const StoreContext& context() const { return m_caller.context(); }

    /// Any status is an answer.
    base::Result<transport::Response> send(std::string_view what, const S3Call& call);
    /// An answer of another status than 2xx is an error.
    base::Result<transport::Response> ask(std::string_view what, const S3Call& call);
    base::Error error_of(const transport::Response& response, std::string_view what) const;

private:
    Place m_place;
    Caller m_caller;
};

/// The SHA-256 (base64) that an answer tells of the body it got must be ours; one that tells none
/// has checked the body against the signature.
base::Status check_told_sha256(const transport::Response& response, std::string_view ours,
                               std::string_view what);

}  // namespace genevactl::storage
