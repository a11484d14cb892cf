// SPDX-License-Identifier: Apache-2.0
// Azure Blob Storage, by its REST API
// (https://learn.microsoft.com/rest/api/storageservices/blob-service-rest-api).
#include <algorithm>
#include <ctime>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "azure_blob.hpp"
#include "azure_place.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "md5.hpp"
#include "slice.hpp"
#include "stores.hpp"

namespace genevactl::storage {

namespace {

using transport::Method;

constexpr std::uint64_t k_largest_at_once = std::uint64_t{64} << 20U;  // bytes in one request

/// "Mon, 23 Nov 2026 02:50:28 GMT" (RFC 9110 section 5.6.7); nothing if it is no such date.
std::optional<base::WallTime> time_of(const char* date) {
    std::tm parts{};
    const auto* const end = ::strptime(date, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    if (end == nullptr || *end != '\0') {
        return std::nullopt;
    }
    return base::WallTime(std::chrono::seconds(::timegm(&parts)));
}

/// The blobs of one page of List Blobs, and where the next one begins ("" after the last).
base::Result<std::string> add_blobs(const std::string& body, std::size_t prefix,
                                    std::vector<Object>& objects) {
    pugi::xml_document document;
    if (!document.load_buffer(body.data(), body.size())) {
        return base::fail(base::ErrorKind::failed, "the list of blobs that came is no XML");
    }
    const auto root = document.child("EnumerationResults");
    for (const auto blob : root.child("Blobs").children("Blob")) {
        const std::string_view name = blob.child_value("Name");
        if (name.size() > prefix) {
            const auto properties = blob.child("Properties");
            objects.push_back({.key = std::string(name.substr(prefix)),
                               .size = properties.child("Content-Length").text().as_ullong(),
                               .modified = time_of(properties.child_value("Last-Modified"))});
        }
    }
    return std::string(root.child_value("NextMarker"));
}

class AzureStore final : public Store {
public:
    AzureStore(Place place, std::string container_url, StoreOptions options, Vend vend,
               const StoreContext& context)
        : m_place(std::move(place)),
          m_service(std::move(container_url), std::move(options), std::move(vend), context) {}

    std::string uri_of(const std::string& key) const override { return m_place.uri_of(key); }
    bool is_remote() const override { return true; }

    base::Result<std::optional<std::uint64_t>> size_of(const std::string& key) override {
        GENEVACTL_TRY(const auto response, m_service.call({.what = "look at " + uri_of(key),
                                                           .method = Method::head,
                                                           .blob = m_place.key_of(key)}));
        if (response.status == 404 && fault_of(response).code != k_no_container) {
            return std::nullopt;
        }
        GENEVACTL_CHECK(m_service.expect(response, 200, "look at " + uri_of(key)));
        return std::stoull("0" + response.header("content-length").value_or(""));
    }

    base::Status put(const std::string& key, const std::filesystem::path& file) override {
        GENEVACTL_TRY(const auto size, size_of_file(file));
        const transport::FileSlice whole{file, 0, size};
        if (whole.length > k_largest_at_once) {
            return put_in_blocks(m_service, m_place.key_of(key), uri_of(key), whole);
        }
        return put_at_once(key, whole);
    }

    base::Result<std::string> read(const std::string& key, std::uint64_t offset,
                                   std::uint64_t length) override {
        if (length == 0) {
            return std::string();
        }
        const auto what = "read " + uri_of(key);
        GENEVACTL_TRY(auto response,
                      m_service.call({.what = what,
                                      .method = Method::get,
                                      .blob = m_place.key_of(key),
                                      .headers = {{"x-ms-range", fmt::format("bytes={}-{}", offset,
                                                                             offset + length - 1)}},
                                      .response_limit = length}));
        if (response.status == 416) {
            return std::string();  // it begins behind the end
        }
        GENEVACTL_CHECK(m_service.expect(response, 206, what));
        return std::move(response.body);
    }

    base::Result<std::vector<Object>> list() override {
        const auto prefix = m_place.key_of("");
        const auto what = "list " + uri_of("");
        std::vector<Object> objects;
        std::string marker;
        do {
            GENEVACTL_TRY(
                const auto response,
                m_service.call(
                    {.what = what,
                     .method = Method::get,
                     .query = fmt::format(
                         "restype=container&comp=list&delimiter=%2F&prefix={}&marker={}",
                         transport::percent_encode(prefix), transport::percent_encode(marker))}));
            GENEVACTL_CHECK(m_service.expect(response, 200, what));
            GENEVACTL_TRY(marker, add_blobs(response.body, prefix.size(), objects));
        } while (!marker.empty());
        std::ranges::sort(objects, {}, &Object::key);
        return objects;
    }

    base::Status remove(const std::string& key) override {
        const auto what = "remove " + uri_of(key);
        GENEVACTL_TRY(
            const auto response,
            m_service.call({.what = what, .method = Method::delete_, .blob = m_place.key_of(key)}));
        return response.status == 404 ? base::Status() : m_service.expect(response, 202, what);
    }

private:
    /// Put Blob: the service compares what came with Content-MD5 before there is a blob.
    base::Status put_at_once(const std::string& key, const transport::FileSlice& whole) {
        const auto what = "write " + uri_of(key);
        GENEVACTL_TRY(auto md5, md5_of(whole));
        GENEVACTL_TRY(const auto response,
                      m_service.call({.what = what,
                                      .method = Method::put,
                                      .blob = m_place.key_of(key),
                                      .headers = {{"x-ms-blob-type", "BlockBlob"},
                                                  {"content-type", std::string(k_binary)},
                                                  {"content-md5", std::move(md5)}},
                                      .file = whole}));
        return m_service.expect(response, 201, what);
    }

    Place m_place;
    BlobService m_service;
};

}  // namespace

base::Result<std::unique_ptr<Store>> azure_store(Place place, StoreOptions options, Vend vend,
                                                 const StoreContext& context) {
    GENEVACTL_TRY(auto url, azure_container_url(place, options));
    GENEVACTL_CHECK(azure_signature(options));
    return std::make_unique<AzureStore>(std::move(place), std::move(url), std::move(options),
                                        std::move(vend), context);
}

}  // namespace genevactl::storage
