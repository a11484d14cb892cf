// SPDX-License-Identifier: Apache-2.0
#include "s3_upload.hpp"

#include <algorithm>
#include <map>
#include <mutex>

#include <fmt/format.h>

#include "fault.hpp"
#include "genevactl/base/parallel.hpp"
#include "genevactl/base/try.hpp"
#include "s3_answers.hpp"
#include "slice.hpp"
#include "upload_record.hpp"

namespace genevactl::storage {

namespace {

using transport::Method;

constexpr std::uint64_t k_mebibyte = std::uint64_t{1} << 20U;
constexpr std::uint64_t k_most_parts = 10'000;

class S3Upload {
public:
    S3Upload(S3Wire& wire, const std::string& key, std::vector<transport::FileSlice> slices)
        : m_wire(wire),
          m_key(wire.place().key_of(key)),
          m_uri(wire.place().uri_of(key)),
          m_what("write " + m_uri),
          m_slices(std::move(slices)),
          m_record(UploadRecord::open(wire.context().state, m_uri)) {}

    base::Status run();

private:
    base::Status begin();
    base::Result<bool> go_on(const std::string& id);
    base::Status create();
    base::Status send_part(std::size_t index);
    base::Status complete();
    base::Status is_there() const;
    void end_after(const base::Error& error);
    S3Call call(Method method, NamesAndValues query = {}) const;

    S3Wire& m_wire;
    std::string m_key;
    std::string m_uri;
    std::string m_what;
    std::vector<transport::FileSlice> m_slices;
    std::optional<UploadRecord> m_record;
    std::string m_id;
    std::map<int, UploadedPart> m_before;  ///< what the store had when this began
    std::mutex m_mutex;                    ///< of m_done
    std::map<int, UploadedPart> m_done;
};

S3Call S3Upload::call(Method method, NamesAndValues query) const {
    if (!m_id.empty()) {
        query.emplace_back("uploadId", m_id);
    }
    return {.method = method, .key = m_key, .query = std::move(query)};
}

/// The parts that the store has of an upload; false if it knows of no such upload.
base::Result<bool> S3Upload::go_on(const std::string& id) {
    m_id = id;
    std::optional<std::string> marker = "0";
    while (marker) {
        const auto what = "look up what was sent of " + m_uri;
        GENEVACTL_TRY(const auto response,
                      m_wire.send(what, call(Method::get, {{"part-number-marker", *marker}})));
        auto page = read_part_page(response.body);
        if (response.status / 100 != 2 || !page) {
            m_id.clear();
            m_before.clear();
            return false;  // ended meanwhile, or the credentials do not allow to look
        }
        m_before.merge(page->parts);
        marker = page->next == marker ? std::nullopt : page->next;
    }
    return true;
}

base::Status S3Upload::create() {
    auto begin = call(Method::post, {{"uploads", ""}});
    begin.headers = {{"x-amz-checksum-algorithm", "SHA256"}};
    GENEVACTL_TRY(const auto response, m_wire.ask(m_what, begin));
    GENEVACTL_TRY(m_id, read_upload_id(response.body));
    if (m_record) {
        // Without a record the next capture begins anew.
        [[maybe_unused]] const auto written = m_record->write(m_id);
    }
    return {};
}

base::Status S3Upload::begin() {
    const auto id = m_record ? m_record->text() : std::string();
    if (!id.empty()) {
        GENEVACTL_TRY(const auto goes_on, go_on(id));
        if (goes_on) {
            return {};
        }
    }
    return create();
}

base::Status S3Upload::send_part(std::size_t index) {
    const auto number = static_cast<int>(index) + 1;
    const auto& slice = m_slices[index];
    GENEVACTL_TRY(const auto digest, sha256_of(slice));
    const auto sha256 = base64_of(digest);
    const auto before = m_before.find(number);
    if (before != m_before.end() && before->second.size == slice.length &&
        before->second.sha256 == sha256) {
        const std::scoped_lock lock(m_mutex);
        m_done[number] = before->second;
        return {};
    }
    auto part = call(Method::put, {{"partNumber", std::to_string(number)}});
    part.headers = {{"x-amz-checksum-sha256", sha256}};
    part.file = slice;
    part.payload_hash = base::hex(digest);
    GENEVACTL_TRY(const auto response, m_wire.ask(m_what, part));
    GENEVACTL_CHECK(check_told_sha256(response, sha256, m_what));
    const std::scoped_lock lock(m_mutex);
    m_done[number] = {
        .etag = response.header("etag").value_or(""), .size = slice.length, .sha256 = sha256};
    return {};
}

/// Is the object there, and as long as the file?
base::Status S3Upload::is_there() const {
    GENEVACTL_TRY(const auto response,
                  m_wire.ask("look at " + m_uri, {.method = Method::head, .key = m_key}));
    const auto& last = m_slices.back();
    if (response.header("content-length") == std::to_string(last.offset + last.length)) {
        return {};
    }
    return base::fail(
        base::ErrorKind::failed,
        fmt::format("cannot {}: the store has {} bytes of {}", m_what,
                    response.header("content-length").value_or("no"), last.offset + last.length),
        "remove the object and capture again");
}

base::Status S3Upload::complete() {
    auto end = call(Method::post);
    end.body = completion_of(m_done);
    GENEVACTL_TRY(const auto response, m_wire.send(m_what, end));
    // An attempt whose answer was lost may have done it: the next is told of no such upload.
    const bool lost_answer =
        response.status == 404 && fault_of(response).code == "NoSuchUpload" && is_there();
    if (lost_answer) {
        return {};
    }
    if (response.status / 100 != 2) {
        return base::fail(m_wire.error_of(response, m_what));
    }
    if (!is_completed(response.body)) {
        auto late = response;
        late.status = 500;  // it was not known yet when 200 was said
        return base::fail(m_wire.error_of(late, m_what));
    }
    return is_there();
}

void S3Upload::end_after(const base::Error& error) {
    using base::ErrorKind;
    const bool may_go_on =
        error.kind == ErrorKind::unreachable || error.kind == ErrorKind::throttled ||
        error.kind == ErrorKind::interrupted || error.kind == ErrorKind::terminated;
    if (may_go_on || m_id.empty()) {
        return;
    }
    // If this fails, too, the bucket's lifecycle rules end the upload.
    [[maybe_unused]] const auto aborted = m_wire.send("abort", call(Method::delete_));
    if (m_record) {
        m_record->remove();
    }
}

base::Status S3Upload::run() {
    GENEVACTL_CHECK(begin());
    const auto& context = m_wire.context();
    auto done = base::for_each_in_parallel(m_slices.size(), context.threads, context.interrupt,
                                           [&](std::size_t i) { return send_part(i); });
    if (done) {
        done = complete();
    }
    if (!done) {
        end_after(done.error());
        return done;
    }
    if (m_record) {
        m_record->remove();
    }
    return {};
}

}  // namespace

std::uint64_t s3_part_size(std::uint64_t size) {
    const auto least = (size + k_most_parts - 1) / k_most_parts;
    const auto whole = (least + k_mebibyte - 1) / k_mebibyte * k_mebibyte;
    return std::max(16 * k_mebibyte, whole);
}

base::Status s3_upload_in_parts(S3Wire& wire, const std::string& key,
                                const std::filesystem::path& file, std::uint64_t size) {
    return S3Upload(wire, key, slices_of(file, size, s3_part_size(size))).run();
}

}  // namespace genevactl::storage
