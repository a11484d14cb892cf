// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "fault.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "s3_answers.hpp"
#include "s3_upload.hpp"
#include "slice.hpp"
#include "stores.hpp"

namespace genevactl::storage {

namespace {

using transport::Method;

constexpr long k_not_found = 404;
constexpr long k_not_in_range = 416;
constexpr std::size_t k_error_bytes = std::size_t{64} << 10U;

std::optional<std::uint64_t> number_of(std::string_view text) {
    std::uint64_t value = 0;
    const auto* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, value);
    return error == std::errc() && stopped == end && !text.empty() ? std::optional(value)
                                                                   : std::nullopt;
}

/// The size that the answer to a range of one byte tells: "bytes 0-0/1234", "bytes */0".
std::optional<std::uint64_t> whole_size(const transport::Response& response) {
    const auto range = response.header("content-range").value_or("");
    const auto slash = range.rfind('/');
    return slash == std::string::npos ? number_of(response.header("content-length").value_or(""))
                                      : number_of(std::string_view(range).substr(slash + 1));
}

class S3Store final : public Store {
public:
    S3Store(Place place, StoreOptions options, Vend vend, const StoreContext& context)
        : m_wire(std::move(place), std::move(options), std::move(vend), context) {}

    std::string uri_of(const std::string& key) const override { return m_wire.place().uri_of(key); }
    base::Result<std::optional<std::uint64_t>> size_of(const std::string& key) override;
    base::Status put(const std::string& key, const std::filesystem::path& file) override;
    base::Result<std::string> read(const std::string& key, std::uint64_t offset,
                                   std::uint64_t length) override;
    base::Result<std::vector<Object>> list() override;
    base::Status remove(const std::string& key) override;
    bool is_remote() const override { return true; }

private:
    base::Result<std::optional<std::uint64_t>> size_by_range(const std::string& key);

    S3Wire m_wire;
};

base::Result<std::optional<std::uint64_t>> S3Store::size_of(const std::string& key) {
    const auto what = "look at " + uri_of(key);
    GENEVACTL_TRY(const auto response,
                  m_wire.send(what, {.method = Method::head, .key = m_wire.place().key_of(key)}));
    const auto size = number_of(response.header("content-length").value_or(""));
    if (response.status == 200 && size) {
        return size;
    }
    if (response.status == k_not_found) {
        return std::nullopt;  // or there is no bucket: writing to it will tell
    }
    // An answer to HEAD has no body that would say why: an expired token, or no permission.
    return size_by_range(key);
}

base::Result<std::optional<std::uint64_t>> S3Store::size_by_range(const std::string& key) {
    const auto what = "look at " + uri_of(key);
    GENEVACTL_TRY(const auto response, m_wire.send(what, {.key = m_wire.place().key_of(key),
                                                          .headers = {{"range", "bytes=0-0"}},
                                                          .response_limit = k_error_bytes}));
    if (response.status / 100 == 2 || response.status == k_not_in_range) {
        if (auto size = whole_size(response)) {
            return size;
        }
        return base::fail(base::ErrorKind::failed,
                          fmt::format("cannot {}: the store does not say how long it is", what));
    }
    const auto code = fault_of(response).code;
    if (response.status == k_not_found && code != "NoSuchBucket") {
        return std::nullopt;
    }
    return base::fail(m_wire.error_of(response, what));
}

base::Status S3Store::put(const std::string& key, const std::filesystem::path& file) {
    GENEVACTL_TRY(const auto size, size_of_file(file));
    if (size > k_s3_multipart_above) {
        return s3_upload_in_parts(m_wire, key, file, size);
    }
    const auto what = "write " + uri_of(key);
    const transport::FileSlice whole{file, 0, size};
    GENEVACTL_TRY(const auto digest, sha256_of(whole));
    const auto sha256 = base64_of(digest);
    GENEVACTL_TRY(const auto response,
                  m_wire.ask(what, {.method = Method::put,
                                    .key = m_wire.place().key_of(key),
                                    .headers = {{"x-amz-checksum-sha256", sha256}},
                                    .file = whole,
                                    .payload_hash = base::hex(digest)}));
    return check_told_sha256(response, sha256, what);
}

base::Result<std::string> S3Store::read(const std::string& key, std::uint64_t offset,
                                        std::uint64_t length) {
    if (length == 0) {
        return std::string();
    }
    const auto what = "read " + uri_of(key);
    GENEVACTL_TRY(
        auto response,
        m_wire.send(
            what, {.key = m_wire.place().key_of(key),
                   .headers = {{"range", fmt::format("bytes={}-{}", offset, offset + length - 1)}},
                   .response_limit = std::max<std::size_t>(length, k_error_bytes)}));
    if (response.status == k_not_in_range) {
        return std::string();
    }
    if (response.status / 100 != 2) {
        return base::fail(m_wire.error_of(response, what));
    }
    if (response.status == 200) {  // the whole object
        const auto from = std::min<std::size_t>(offset, response.body.size());
        return response.body.substr(from, length);
    }
    return std::move(response.body);
}

base::Result<std::vector<Object>> S3Store::list() {
    const auto& place = m_wire.place();
    const auto what = "list " + uri_of("");
    const auto prefix = place.key_of("");
    std::vector<Object> objects;
    std::optional<std::string> token;
    do {
        S3Call call{.query = {{"list-type", "2"}, {"prefix", prefix}}};
        if (token) {
            call.query.emplace_back("continuation-token", *token);
        }
        GENEVACTL_TRY(const auto response, m_wire.ask(what, call));
        GENEVACTL_TRY(auto page, read_object_page(response.body));
        for (auto& object : page.objects) {
            if (object.key.size() > prefix.size() && object.key.starts_with(prefix)) {
                object.key.erase(0, prefix.size());
                objects.push_back(std::move(object));
            }
        }
        if (page.next && page.next == token) {
            return base::fail(base::ErrorKind::failed,
                              fmt::format("cannot {}: the store's list goes in a circle", what));
        }
        token = std::move(page.next);
    } while (token);
    std::ranges::sort(objects, {}, &Object::key);
    return objects;
}

base::Status S3Store::remove(const std::string& key) {
    const auto what = "remove " + uri_of(key);
    GENEVACTL_TRY(const auto response, m_wire.send(what, {.method = Method::delete_,
                                                          .key = m_wire.place().key_of(key)}));
    const bool gone = response.status / 100 == 2 ||
                      (response.status == k_not_found && fault_of(response).code != "NoSuchBucket");
    return gone ? base::Status() : base::fail(m_wire.error_of(response, what));
}

}  // namespace

base::Result<std::unique_ptr<Store>> s3_store(Place place, StoreOptions options, Vend vend,
                                              const StoreContext& context) {
    place.scheme = "s3";
    // What is wrong with the options is told before anything is packed.
    GENEVACTL_TRY(const auto tried, s3_request({}, place, options, context.clock.now()));
    return std::make_unique<S3Store>(std::move(place), std::move(options), std::move(vend),
                                     context);
}

}  // namespace genevactl::storage
