// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "caller.hpp"
#include "fault.hpp"

namespace genevactl::storage {

/// What the header "authorization" says: google_storage_token as a bearer. Error failed if there is
/// none.
base::Result<base::Secret> gcs_token(const StoreOptions& options);

/// A request to the JSON API, without its token.
struct BucketRequest {
    std::string_view what = {};  ///< for errors: "write gs://bucket/key"
    transport::Method method = transport::Method::get;
    std::string path = {};  ///< what follows the bucket's: "/KEY?alt=media", encoded
    bool upload = false;    ///< of /upload/storage rather than /storage
    transport::Headers headers = {};
    std::string body = {};
    /// Bytes; what an error may take is always allowed.
    std::uint64_t response_limit = std::uint64_t{64} << 20U;
};

/// A request to an upload session. The session's URL is its own key: no token goes along.
struct SessionRequest {
    std::string_view what = {};
    std::string session = {};
    std::string range = {};  ///< Content-Range
    std::optional<transport::FileSlice> file = {};
};

/// The objects of one bucket. For several threads at once.
class Bucket {
public:
    Bucket(std::string base_url, std::string_view name, StoreOptions options, Vend vend,
           const StoreContext& context);

    /// Adds the token and sends it; any status is an answer.
    base::Result<transport::Response> call(const BucketRequest& request);
    base::Result<transport::Response> call(const SessionRequest& request);
    /// The error of an answer.
    tl::unexpected<base::Error> failure(const transport::Response& response,
                                        std::string_view what) const;
    const StoreContext& context() const { return m_caller.context(); }

private:
    std::string m_base_url;
    std::string m_path;  ///< "storage/v1/b/BUCKET/o"
    Caller m_caller;
};

/// Writes an object by a resumable upload, in chunks; a killed one goes on where it was. There is
/// no object before all of it has come, and none if its MD5 is another.
/// (https://cloud.google.com/storage/docs/performing-resumable-uploads)
base::Status put_resumably(Bucket& bucket, const std::string& name, const std::string& uri,
                           const transport::FileSlice& whole);

/// Is the object that an answer describes the one that was sent? If not it is removed.
base::Status check_written(Bucket& bucket, const transport::Response& response,
                           const std::string& name, std::string_view what, std::uint64_t size,
                           std::string_view md5);

}  // namespace genevactl::storage
