// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "caller.hpp"
#include "fault.hpp"

namespace genevactl::storage {

inline constexpr std::string_view k_no_container = "ContainerNotFound";
inline constexpr std::string_view k_binary = "application/octet-stream";

/// A request to the Blob service, without its signature.
struct BlobRequest {
    std::string_view what = {};  ///< for errors: "write az://container/key"
    transport::Method method = transport::Method::get;
    std::string blob = {};   ///< its name, not encoded; empty for the container
    std::string query = {};  ///< encoded, without "?"
    transport::Headers headers = {};
    std::string body = {};
    std::optional<transport::FileSlice> file = {};
    /// Bytes; what an error may take is always allowed.
    std::uint64_t response_limit = std::uint64_t{64} << 20U;
};

/// One container of the Blob service. For several threads at once.
class BlobService {
public:
    BlobService(std::string container_url, StoreOptions options, Vend vend,
                const StoreContext& context);

    /// Signs and sends it; any status is an answer.
    base::Result<transport::Response> call(const BlobRequest& request);
    /// The error of an answer that has another status.
    base::Status expect(const transport::Response& response, long status,
                        std::string_view what) const;
    const StoreContext& context() const { return m_caller.context(); }

private:
    std::string m_url;
    Caller m_caller;
};

/// Writes a large blob as blocks, several at once, of which those that an earlier, killed upload
/// has sent stay where they are: a block is named by its place and its content. There is no blob
/// before all blocks are put together.
base::Status put_in_blocks(BlobService& service, const std::string& blob, const std::string& uri,
                           const transport::FileSlice& whole);

}  // namespace genevactl::storage
