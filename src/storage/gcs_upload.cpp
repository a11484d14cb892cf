// SPDX-License-Identifier: Apache-2.0
// Resumable uploads (https://cloud.google.com/storage/docs/performing-resumable-uploads).
#include <charconv>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "gcs_bucket.hpp"
#include "genevactl/base/try.hpp"
#include "md5.hpp"
#include "upload_record.hpp"

namespace genevactl::storage {

namespace {

using nlohmann::json;

constexpr std::uint64_t k_chunk = std::uint64_t{32} << 20U;  // bytes; a multiple of 256 KiB
constexpr int k_tries = 3;                                   // of a chunk of which nothing stays

/// One object on its way.
struct Upload {
    Bucket& bucket;
    const std::string& name;
    std::string what;
    const transport::FileSlice& whole;
    std::string md5;
};

/// What a request to a session led to.
struct Step {
    std::optional<transport::Response> written = {};  ///< the object is there
    bool is_gone = false;                             ///< the session is
    std::uint64_t stays = 0;                          ///< bytes that the store has of it
};

/// "bytes=0-99" is 100; without it the store has nothing.
std::uint64_t bytes_of_range(const std::optional<std::string>& range) {
    const auto dash = range ? range->find('-') : std::string::npos;
    std::uint64_t last = 0;
    if (dash == std::string::npos ||
        std::from_chars(range->data() + dash + 1, range->data() + range->size(), last).ec !=
            std::errc()) {
        return 0;
    }
    return last + 1;
}

base::Result<std::string> new_session(const Upload& upload) {
    GENEVACTL_TRY(
        const auto response,
        upload.bucket.call(
            {.what = upload.what,
             .method = transport::Method::post,
             .path = "?uploadType=resumable&name=" + transport::percent_encode(upload.name),
             .upload = true,
             .headers = {{"content-type", "application/json; charset=UTF-8"},
                         {"x-upload-content-type", "application/octet-stream"},
                         {"x-upload-content-length", std::to_string(upload.whole.length)}},
             .body = json::object({{"md5Hash", upload.md5}}).dump()}));
    auto session = response.header("location");
    if (response.status / 100 != 2 || !session) {
        return upload.bucket.failure(response, upload.what);
    }
    return std::move(*session);
}

base::Result<Step> step(const Upload& upload, const std::string& session, std::string range,
                        std::optional<transport::FileSlice> file) {
    GENEVACTL_TRY(auto response, upload.bucket.call({.what = upload.what,
                                                     .session = session,
                                                     .range = std::move(range),
                                                     .file = std::move(file)}));
    switch (response.status) {
        case 200:
        case 201:
            return Step{.written = std::move(response)};
        case 308:
            return Step{.stays = bytes_of_range(response.header("range"))};
        case 404:
        case 410:
            return Step{.is_gone = true};
        default:
            return upload.bucket.failure(response, upload.what);
    }
}

base::Result<Step> how_far(const Upload& upload, const std::string& session) {
    return step(upload, session, fmt::format("bytes */{}", upload.whole.length), std::nullopt);
}

/// Sends what is missing, from `at` on.
base::Result<Step> send_rest(const Upload& upload, const std::string& session, std::uint64_t at) {
    const auto size = upload.whole.length;
    for (int tries = 0; tries < k_tries;) {
        if (at >= size) {
            at = 0;  // all is there and no object yet: what is sent twice is passed over
        }
        const transport::FileSlice chunk{
            .path = upload.whole.path, .offset = at, .length = std::min(k_chunk, size - at)};
        GENEVACTL_TRY(auto done,
                      step(upload, session,
                           fmt::format("bytes {}-{}/{}", at, at + chunk.length - 1, size), chunk));
        if (done.written || done.is_gone) {
            return done;
        }
        tries = done.stays > at ? 0 : tries + 1;
        at = done.stays;
    }
    return base::fail(
        base::ErrorKind::failed,
        fmt::format("cannot {}: the store keeps nothing of what is sent to it", upload.what),
        "capture again later");
}

/// The session of a killed upload of the same bytes.
std::optional<std::string> recorded_session(const Upload& upload, const UploadRecord& record) {
    const auto document = json::parse(record.text(), nullptr, false);
    if (!document.is_object() || document.value("md5", json()) != upload.md5 ||
        document.value("size", json()) != upload.whole.length) {
        return std::nullopt;
    }
    const auto session = document.value("session", json());
    return session.is_string() ? std::optional(session.get<std::string>()) : std::nullopt;
}

/// Goes on with the recorded session; nothing if there is none, or it leads nowhere.
base::Result<Step> go_on(const Upload& upload, const UploadRecord& record) {
    const auto session = recorded_session(upload, record);
    if (!session) {
        return Step{.is_gone = true};
    }
    GENEVACTL_TRY(auto done, how_far(upload, *session));
    if (!done.written && !done.is_gone) {
        return send_rest(upload, *session, done.stays);
    }
    if (done.written && !check_written(upload.bucket, *done.written, upload.name, upload.what,
                                       upload.whole.length, upload.md5)) {
        return Step{.is_gone = true};
    }
    return done;
}

base::Result<Step> begin(const Upload& upload, std::optional<UploadRecord>& record) {
    GENEVACTL_TRY(const auto session, new_session(upload));
    if (record && upload.whole.length > k_chunk) {
        const auto document = json::object(
            {{"session", session}, {"md5", upload.md5}, {"size", upload.whole.length}});
        if (!record->write(document.dump())) {
            record.reset();  // a killed upload will begin anew
        }
    }
    return send_rest(upload, session, 0);
}

}  // namespace

base::Status put_resumably(Bucket& bucket, const std::string& name, const std::string& uri,
                           const transport::FileSlice& whole) {
    GENEVACTL_TRY(auto md5, md5_of(whole));
    const Upload upload{.bucket = bucket,
                        .name = name,
                        .what = "write " + uri,
                        .whole = whole,
                        .md5 = std::move(md5)};
    auto record = UploadRecord::open(bucket.context().state, uri);
    Step done{.is_gone = true};
    if (record) {
        GENEVACTL_TRY(done, go_on(upload, *record));
    }
    for (int tries = 0; done.is_gone && tries < k_tries; ++tries) {
        GENEVACTL_TRY(done, begin(upload, record));
    }
    if (!done.written) {
        return base::fail(base::ErrorKind::failed,
                          fmt::format("cannot {}: the store forgets the upload", upload.what),
                          "capture again later");
    }
    if (record) {
        record->remove();
    }
    return check_written(bucket, *done.written, name, upload.what, whole.length, upload.md5);
}

}  // namespace genevactl::storage
