// SPDX-License-Identifier: Apache-2.0
// Google Cloud Storage, by its JSON API (https://cloud.google.com/storage/docs/json_api/v1).
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "gcs_bucket.hpp"
#include "genevactl/base/digest.hpp"
#include "genevactl/base/files.hpp"
#include "genevactl/base/try.hpp"
#include "md5.hpp"
#include "slice.hpp"
#include "stores.hpp"

namespace genevactl::storage {

namespace {

using nlohmann::json;
using transport::Method;

constexpr std::uint64_t k_most_in_memory = std::uint64_t{1} << 20U;  // bytes, held in memory

std::uint64_t size_in(const json& object) {
    const auto size = object.find("size");
    return size != object.end() && size->is_string()
               ? std::strtoull(size->get_ref<const std::string&>().c_str(), nullptr, 10)
               : 0;
}

/// The objects of one page of a list, and the token of the next one ("" after the last).
base::Result<std::string> add_objects(const std::string& body, std::size_t prefix,
                                      std::vector<Object>& objects) {
    const auto page = json::parse(body, nullptr, false);
    if (!page.is_object()) {
        return base::fail(base::ErrorKind::failed, "the list of objects that came is no JSON");
    }
    for (const auto& item : page.value("items", json::array())) {
        const auto name = item.is_object() ? item.value("name", json()) : json();
        if (name.is_string() && name.get_ref<const std::string&>().size() > prefix) {
            Object object{.key = name.get<std::string>().substr(prefix), .size = size_in(item)};
            const auto updated = item.value("updated", json());
            const auto when = base::parse_rfc3339(
                updated.is_string() ? updated.get_ref<const std::string&>() : std::string());
            if (when) {
                object.modified = *when;
            }
            objects.push_back(std::move(object));
        }
    }
    const auto next = page.find("nextPageToken");
    return next != page.end() && next->is_string() ? next->get<std::string>() : std::string();
}

class GcsStore final : public Store {
public:
    GcsStore(Place place, std::string base_url, StoreOptions options, Vend vend,
             const StoreContext& context)
        : m_place(std::move(place)),
          m_bucket(std::move(base_url), m_place.bucket, std::move(options), std::move(vend),
                   context) {}

    std::string uri_of(const std::string& key) const override { return m_place.uri_of(key); }
    bool is_remote() const override { return true; }

    base::Result<std::optional<std::uint64_t>> size_of(const std::string& key) override {
        const auto what = "look at " + uri_of(key);
        GENEVACTL_TRY(const auto response,
                      m_bucket.call({.what = what, .path = path_of(key) + "?fields=size"}));
        if (response.status == 404) {
            return std::nullopt;  // a bucket that is not there is told by the upload
        }
        if (response.status != 200) {
            return m_bucket.failure(response, what);
        }
        const auto object = json::parse(response.body, nullptr, false);
        return object.is_object() ? size_in(object) : 0;
    }

    base::Status put(const std::string& key, const std::filesystem::path& file) override {
        GENEVACTL_TRY(const auto size, size_of_file(file));
        const transport::FileSlice whole{file, 0, size};
        return whole.length > k_most_in_memory
                   ? put_resumably(m_bucket, m_place.key_of(key), uri_of(key), whole)
                   : put_at_once(key, whole);
    }

    base::Result<std::string> read(const std::string& key, std::uint64_t offset,
                                   std::uint64_t length) override {
        if (length == 0) {
            return std::string();
        }
        const auto what = "read " + uri_of(key);
        GENEVACTL_TRY(
            auto response,
            m_bucket.call(
                {.what = what,
                 .path = path_of(key) + "?alt=media",
                 .headers = {{"range", fmt::format("bytes={}-{}", offset, offset + length - 1)}},
                 .response_limit = length}));
        if (response.status == 416) {
            return std::string();  // it begins behind the end
        }
        if (response.status != 206) {
            return m_bucket.failure(response, what);
        }
        return std::move(response.body);
    }

    base::Result<std::vector<Object>> list() override {
        const auto prefix = m_place.key_of("");
        const auto what = "list " + uri_of("");
        std::vector<Object> objects;
        std::string token;
        do {
            GENEVACTL_TRY(
                const auto response,
                m_bucket.call({.what = what,
                               .path = fmt::format("?delimiter=%2F&prefix={}&pageToken={}&fields="
                                                   "items(name%2Csize%2Cupdated)%2CnextPageToken",
                                                   transport::percent_encode(prefix),
                                                   transport::percent_encode(token))}));
            if (response.status != 200) {
                return m_bucket.failure(response, what);
            }
            GENEVACTL_TRY(token, add_objects(response.body, prefix.size(), objects));
        } while (!token.empty());
        std::ranges::sort(objects, {}, &Object::key);
        return objects;
    }

    base::Status remove(const std::string& key) override {
        const auto what = "remove " + uri_of(key);
        GENEVACTL_TRY(
            const auto response,
            m_bucket.call({.what = what, .method = Method::delete_, .path = path_of(key)}));
        if (response.status / 100 != 2 && response.status != 404) {
            return m_bucket.failure(response, what);
        }
        return {};
    }

private:
    std::string path_of(const std::string& key) const {
        return "/" + transport::percent_encode(m_place.key_of(key));
    }

    /// The object and what it must hash to in one request (multipart/related, RFC 2387): the
    /// service compares before there is an object.
    base::Status put_at_once(const std::string& key, const transport::FileSlice& whole) {
        const auto what = "write " + uri_of(key);
        GENEVACTL_TRY(const auto bytes, base::read_file(whole.path, k_most_in_memory));
        Md5 digest;
        digest.add(bytes);
        const auto md5 = base::base64_encode(digest.finish());
        const auto name = m_place.key_of(key);
        const auto boundary = base::random_hex(24);
        auto body = fmt::format(
            "--{0}\r\ncontent-type: application/json; charset=UTF-8\r\n\r\n{1}\r\n"
            "--{0}\r\ncontent-type: application/octet-stream\r\n\r\n",
            boundary, json::object({{"name", name}, {"md5Hash", md5}}).dump());
        body += bytes;
        body += fmt::format("\r\n--{}--\r\n", boundary);
        GENEVACTL_TRY(
            const auto response,
            m_bucket.call({.what = what,
                           .method = Method::post,
                           .path = "?uploadType=multipart",
                           .upload = true,
                           .headers = {{"content-type", "multipart/related; boundary=" + boundary}},
                           .body = std::move(body)}));
        if (response.status != 200) {
            return m_bucket.failure(response, what);
        }
        return check_written(m_bucket, response, name, what, bytes.size(), md5);
    }

    Place m_place;
    Bucket m_bucket;
};

}  // namespace

base::Result<std::unique_ptr<Store>> gcs_store(Place place, StoreOptions options, Vend vend,
                                               const StoreContext& context) {
    GENEVACTL_CHECK(gcs_token(options));
    auto url =
        options.text({"google_base_url", "base_url"}).value_or("https://storage.googleapis.com");
    while (url.ends_with('/')) {
        url.pop_back();
    }
    return std::make_unique<GcsStore>(std::move(place), std::move(url), std::move(options),
                                      std::move(vend), context);
}

}  // namespace genevactl::storage
