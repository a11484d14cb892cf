// SPDX-License-Identifier: Apache-2.0
#include "gcs_bucket.hpp"

#include <tuple>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"

namespace genevactl::storage {

namespace {

constexpr std::uint64_t k_fault_bytes = std::uint64_t{64} << 10U;  // bytes

/// The URL of a session, and what of its query is its key.
std::pair<std::string, base::Secret> split_session(const std::string& session) {
    constexpr std::string_view k_key = "upload_id=";
    const auto mark = session.find('?');
    auto url = session.substr(0, mark);
    base::Secret key;
    char separator = '?';
    const auto query = mark == std::string::npos ? std::string() : session.substr(mark + 1);
    for (auto& part : base::split(query, '&')) {
        if (part.starts_with(k_key)) {
            key = base::Secret(std::move(part));
        } else if (!part.empty()) {
            url += separator + part;
            separator = '&';
        }
    }
    return {std::move(url), std::move(key)};
}

bool has_expired(const transport::Response& response) {
    return response.status == 401;
}

}  // namespace

base::Result<base::Secret> gcs_token(const StoreOptions& options) {
    const auto token =
        options.text({"google_storage_token", "google_bearer_token", "bearer_token"});
    if (!token) {
        return base::fail(base::ErrorKind::failed,
                          "the deployment keeps its files in Google Cloud Storage and vends no "
                          "token (google_storage_token)",
                          "ask who runs the deployment, or write the archives with --no-upload");
    }
    return base::Secret("Bearer " + *token);
}

Bucket::Bucket(std::string base_url, std::string_view name, StoreOptions options, Vend vend,
               const StoreContext& context)
    : m_base_url(std::move(base_url)),
      m_path(fmt::format("storage/v1/b/{}/o", transport::percent_encode(name))),
      m_caller(std::move(options), std::move(vend), context, has_expired) {}

base::Result<transport::Response> Bucket::call(const BucketRequest& wanted) {
    const auto make = [&](const StoreOptions& options) -> base::Result<transport::Request> {
        transport::Request request{
            .method = wanted.method,
            .url = fmt::format("{}/{}{}{}", m_base_url, wanted.upload ? "upload/" : "", m_path,
                               wanted.path)};
        GENEVACTL_TRY(auto token, gcs_token(options));
        request.secret_headers.emplace_back("authorization", std::move(token));
        request.headers = wanted.headers;
        request.body = wanted.body;
        request.response_limit = wanted.response_limit + k_fault_bytes;
        return request;
    };
    return m_caller.call(wanted.what, make);
}

base::Result<transport::Response> Bucket::call(const SessionRequest& wanted) {
    const auto make = [&](const StoreOptions& /*options*/) -> base::Result<transport::Request> {
        transport::Request request{.method = transport::Method::put, .url = {}};
        std::tie(request.url, request.secret_query) = split_session(wanted.session);
        request.headers = {{"content-range", wanted.range},
                           {"content-type", "application/octet-stream"}};
        request.file = wanted.file;
        return request;
    };
    return m_caller.call(wanted.what, make);
}

tl::unexpected<base::Error> Bucket::failure(const transport::Response& response,
                                            std::string_view what) const {
    auto error = error_of(fault_of(response), what);
    if (error.kind == base::ErrorKind::permission) {
        error.hint =
            "ask who runs the deployment for a token (google_storage_token) that is valid and "
            "allows to get, create, delete and list objects";
    } else if (error.kind == base::ErrorKind::not_found) {
        error.hint = "the deployment says that its files are there: ask who runs it";
    }
    return base::fail(std::move(error));
}

base::Status check_written(Bucket& bucket, const transport::Response& response,
                           const std::string& name, std::string_view what, std::uint64_t size,
                           std::string_view md5) {
    const auto object = nlohmann::json::parse(response.body, nullptr, false);
    const auto member = [&](const char* key) {
        const auto found = object.is_object() ? object.find(key) : object.end();
        return object.is_object() && found != object.end() && found->is_string()
                   ? found->get<std::string>()
                   : std::string();
    };
    const auto their_md5 = member("md5Hash");
    if (member("size") == std::to_string(size) && (their_md5.empty() || their_md5 == md5)) {
        return {};
    }
    auto path = "/" + transport::percent_encode(name);
    if (const auto generation = member("generation"); !generation.empty()) {
        path += "?ifGenerationMatch=" + transport::percent_encode(generation);
    }
    GENEVACTL_CHECK(
        bucket.call({.what = what, .method = transport::Method::delete_, .path = path}));
    return base::fail(base::ErrorKind::failed,
                      fmt::format("cannot {}: other bytes arrived than were sent; they were "
                                  "removed",
                                  what),
                      "capture again");
}

}  // namespace genevactl::storage
