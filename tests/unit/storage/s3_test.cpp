// SPDX-License-Identifier: Apache-2.0
#include <fstream>

#include "genevactl/base/digest.hpp"
#include "genevactl/base/files.hpp"
#include "s3_request.hpp"
#include "s3_upload.hpp"
#include "scripted_transport.hpp"

using namespace genevactl;
using namespace genevactl::storage;
using namespace genevactl::test;
using base::ErrorKind;
using transport::Method;

namespace {

const std::map<std::string, std::string> k_s3_options = {
    {"aws_access_key_id", "AKID"},
    {"aws_secret_access_key", "hunter2hunter2"},
    {"aws_session_token", "t0ken"},
    {"aws_region", "eu-west-1"}};

std::map<std::string, std::string> with(const std::string& name, const std::string& value) {
    auto options = k_s3_options;
    options[name] = value;
    return options;
}

std::string s3_fault(const std::string& code, const std::string& message = "m") {
    return "<Error><Code>" + code + "</Code><Message>" + message + "</Message></Error>";
}

/// A store whose server is a function of the test's.
struct Bench {
    explicit Bench(ScriptedTransport::Answer answer,
                   const std::map<std::string, std::string>& options = k_s3_options, Vend vend = {})
        : folder(base::TemporaryDirectory::create("genevactl-test-").value()) {
        transport.answer = std::move(answer);
        store = open_store("s3://bucket/pre/fix", store_options(options), std::move(vend),
                           {.transport = transport,
                            .clock = clock,
                            .interrupt = interrupt,
                            .state = folder.path() / "uploads",
                            .threads = 2})
                    .value();
    }
    std::filesystem::path file(std::uint64_t size) {
        const auto path = folder.path() / "file";
        std::ofstream(path) << "begin";
        std::filesystem::resize_file(path, size);
        return path;
    }
    base::TemporaryDirectory folder;
    ScriptedTransport transport;
    FakeClock clock;
    ManualInterrupt interrupt;
    std::unique_ptr<Store> store;
};

/// A server of one multipart upload: it keeps what it gets.
struct Parts {
    base::Result<transport::Response> operator()(const transport::Request& request) {
        const auto& url = request.url;
        if (request.method == Method::post && url.ends_with("?uploads=")) {
            ++begun;
            return response(200,
                            "<InitiateMultipartUploadResult><UploadId>up/1</UploadId>"
                            "</InitiateMultipartUploadResult>");
        }
        if (request.method == Method::get) {
            if (!alive) return response(404, s3_fault("NoSuchUpload"));
            std::string xml = "<ListPartsResult><UploadId>up/1</UploadId>";
            for (const auto& [number, sha256] : kept) {
                xml += "<Part><PartNumber>" + number + "</PartNumber><ETag>\"e" + number +
                       "\"</ETag><Size>" + lengths[number] + "</Size><ChecksumSHA256>" + sha256 +
                       "</ChecksumSHA256></Part>";
            }
            return response(200, xml + "</ListPartsResult>");
        }
        if (request.method == Method::put) {
            const auto from = url.find("partNumber=") + 11;
            const auto number = url.substr(from, url.find('&', from) - from);
            if (number == refuse) return refusal(request);
            kept[number] = header_of(request, "x-amz-checksum-sha256");
            lengths[number] = std::to_string(request.file->length);
            ++received;
            return response(200, "", {{"ETag", "\"e" + number + "\""}});
        }
        if (request.method == Method::post) {
            completion = request.body;
            alive = false;
            return completed;
        }
        if (request.method == Method::delete_) {
            alive = false;
            ++aborted;
            return response(204);
        }
        return response(200, "", {{"Content-Length", size}});
    }

    std::map<std::string, std::string> kept;  ///< SHA-256 by number
    std::map<std::string, std::string> lengths;
    bool alive = true;
    int begun = 0;
    int received = 0;
    int aborted = 0;
    std::string refuse;
    ScriptedTransport::Answer refusal;
    std::string completion;
    std::string size;
    base::Result<transport::Response> completed = response(200, "<CompleteMultipartUploadResult/>");
};

constexpr std::uint64_t k_five_parts = (std::uint64_t{64} << 20U) + 5;  // bytes: five parts

}  // namespace

TEST_CASE("a bucket is reached by its host, and by the path where no certificate covers that") {
    const auto address = [](const std::string& bucket, const auto& options) {
        const auto found = s3_address({"s3", bucket, ""}, store_options(options)).value();
        return found.origin + found.root;
    };
    CHECK(address("b-1", k_s3_options) == "https://b-1.s3.eu-west-1.amazonaws.com");
    CHECK(address("b.1", k_s3_options) == "https://s3.eu-west-1.amazonaws.com/b.1");
    CHECK(address("b", with("aws_region", "cn-north-1")) ==
          "https://b.s3.cn-north-1.amazonaws.com.cn");
    CHECK(address("b", with("aws_region", "")) == "https://b.s3.us-east-1.amazonaws.com");
    CHECK(address("b", with("aws_endpoint", "HTTP://127.0.0.1:9000/")) ==
          "http://127.0.0.1:9000/b");
    CHECK(address("b", with("aws_endpoint", "https://r2.example:443")) == "https://r2.example/b");
    auto options = with("aws_endpoint", "https://b.example");
    options["aws_virtual_hosted_style_request"] = "true";
    CHECK(address("b", options) == "https://b.example");
}

TEST_CASE("options that cannot be used are told before anything is sent") {
    const auto kind = [](const std::map<std::string, std::string>& options) {
        return s3_request({}, {"s3", "b", ""}, store_options(options), {}).error().kind;
    };
    CHECK(kind(with("aws_endpoint", "127.0.0.1:9000")) == ErrorKind::usage);
    CHECK(kind(with("aws_endpoint", "https://host/path")) == ErrorKind::usage);
    CHECK(kind(with("aws_region", "eu west")) == ErrorKind::usage);
    CHECK(kind(with("aws_access_key_id", "")) == ErrorKind::failed);
    CHECK(kind(with("aws_secret_access_key", "")) == ErrorKind::failed);
}

TEST_CASE("a request carries the hash of its body and the session's token, and hides both keys") {
    const auto request = s3_request({.method = Method::put, .key = "a b", .body = "x"},
                                    {"s3", "b", ""}, store_options(k_s3_options), {})
                             .value();
    CHECK(request.url == "https://b.s3.eu-west-1.amazonaws.com/a%20b");
    CHECK(header_of(request, "x-amz-content-sha256") == base::sha256_hex("x"));
    REQUIRE(request.secret_headers.size() == 2);
    CHECK(request.secret_headers[0].second.reveal() == "t0ken");
    CHECK(request.secret_headers[1].second.reveal().find(
              "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,") !=
          std::string_view::npos);
    for (const auto& [name, value] : request.headers) {
        CHECK(value.find("hunter2") == std::string::npos);
    }
}

TEST_CASE("an object's size, and that it is not there") {
    Bench bench([](const transport::Request& request) {
        CHECK(request.method == Method::head);
        return request.url.ends_with("/there") ? response(200, "", {{"Content-Length", "12"}})
                                               : response(404);
    });
    CHECK(bench.store->size_of("there").value() == 12);
    CHECK_FALSE(bench.store->size_of("gone").value());
    CHECK(bench.transport.sent[0].url == "https://bucket.s3.eu-west-1.amazonaws.com/pre/fix/there");
}

TEST_CASE("why an object may not be looked at is asked, since HEAD cannot say") {
    std::string body = s3_fault("AccessDenied", "Access Denied");
    Bench bench([&](const transport::Request& request) {
        return response(403, request.method == Method::head ? "" : body);
    });
    const auto result = bench.store->size_of("k");
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::permission);
    CHECK(result.error().message ==
          "cannot look at s3://bucket/pre/fix/k: AccessDenied (HTTP 403): Access Denied");
    CHECK(result.error().hint.find("s3:PutObject") != std::string::npos);
}

TEST_CASE("expired credentials are vended anew, once") {
    int vended = 0;
    const auto vend = [&]() -> base::Result<StoreOptions> {
        ++vended;
        return store_options(with("aws_session_token", "fresh"));
    };
    bool ever = false;
    Bench bench(
        [&](const transport::Request& request) {
            if (header_of(request, "x-amz-security-token") == "fresh" && !ever) {
                return response(206, "hello");
            }
            return response(400, s3_fault("ExpiredToken", "The provided token has expired."));
        },
        k_s3_options, vend);
    CHECK(bench.store->read("k", 0, 5).value() == "hello");
    CHECK(vended == 1);
    ever = true;
    const auto result = bench.store->read("k", 0, 5);
    REQUIRE_FALSE(result);
    CHECK(vended == 2);
    CHECK(result.error().kind == ErrorKind::permission);
    CHECK(result.error().hint.find("have expired") != std::string::npos);
}

TEST_CASE("errors say what to do") {
    const auto hint = [](long status, const std::string& code, transport::Headers headers = {}) {
        return s3_error(response(status, s3_fault(code), std::move(headers)), "x", {"s3", "b", "p"},
                        base::parse_rfc3339("2026-01-02T03:04:05Z").value())
            .hint;
    };
    CHECK(hint(403, "RequestTimeTooSkewed", {{"Date", "Fri, 02 Jan 2026 05:04:05 GMT"}}) ==
          "set this machine's clock: it says 2026-01-02T03:04:05Z, the store says Fri, 02 Jan 2026 "
          "05:04:05 GMT");
    CHECK(hint(301, "PermanentRedirect", {{"x-amz-bucket-region", "us-west-2"}}) ==
          "the bucket b is in us-west-2: the deployment must vend aws_region=us-west-2");
    CHECK(hint(404, "NoSuchBucket").find("the bucket b, which is not there") != std::string::npos);
    CHECK(hint(403, "SignatureDoesNotMatch").find("does not know") != std::string::npos);
    CHECK(hint(503, "SlowDown").find("smaller --jobs") != std::string::npos);
}

TEST_CASE("ranges are read, whatever the server makes of them") {
    transport::Response answer = response(206, "ell");
    Bench bench([&](const transport::Request& request) {
        CHECK(header_of(request, "range") == "bytes=1-3");
        return answer;
    });
    CHECK(bench.store->read("k", 1, 3).value() == "ell");
    answer = response(200, "hello");
    CHECK(bench.store->read("k", 1, 3).value() == "ell");
    answer = response(416, s3_fault("InvalidRange"));
    CHECK(bench.store->read("k", 1, 3).value().empty());
    answer = response(404, s3_fault("NoSuchKey"));
    CHECK(bench.store->read("k", 1, 3).error().kind == ErrorKind::not_found);
    CHECK(bench.store->read("k", 1, 0).value().empty());
}

TEST_CASE("every page of a list is read, and keys are told without the prefix") {
    Bench bench([](const transport::Request& request) {
        if (request.url.find("continuation-token=t%2F1") != std::string::npos) {
            return response(200,
                            "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>"
                            "pre/fix/a&amp;b</Key><Size>1</Size></Contents></ListBucketResult>");
        }
        CHECK(request.url.ends_with("/?list-type=2&prefix=pre%2Ffix%2F"));
        return response(200,
                        "<?xml version=\"1.0\"?><ListBucketResult><IsTruncated>true</IsTruncated>"
                        "<NextContinuationToken>t/1</NextContinuationToken><Contents><Key>pre/fix/c"
                        "</Key><Size>5000000000</Size></Contents></ListBucketResult>");
    });
    const auto objects = bench.store->list().value();
    REQUIRE(objects.size() == 2);
    CHECK(objects[0].key == "a&b");
    CHECK(objects[1].key == "c");
    CHECK(objects[1].size == 5'000'000'000);
}

TEST_CASE("a list that is none, or goes in a circle, is an error") {
    std::string body = "<html/>";
    Bench bench([&](const transport::Request&) { return response(200, body); });
    CHECK(bench.store->list().error().kind == ErrorKind::failed);
    body =
        "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t"
        "</NextContinuationToken></ListBucketResult>";
    CHECK(bench.store->list().error().message.find("circle") != std::string::npos);
}

TEST_CASE("a small file is one request whose bytes the store must have received") {
    transport::Headers headers;
    Bench bench([&](const transport::Request&) { return response(200, "", headers); });
    const auto file = bench.file(5);
    REQUIRE(bench.store->put("k", file));
    const auto& request = bench.transport.sent.at(0);
    CHECK(request.method == Method::put);
    CHECK(request.file->length == 5);
    CHECK(header_of(request, "x-amz-content-sha256") == base::sha256_hex("begin"));
    CHECK(request.stall.has_value());
    headers = {{"x-amz-checksum-sha256", "b3RoZXI="}};
    const auto result = bench.store->put("k", file);
    REQUIRE_FALSE(result);
    CHECK(result.error().message.find("other bytes than were sent") != std::string::npos);
}

TEST_CASE("a large file is sent in parts, and completed with what each was answered") {
    Parts parts;
    parts.size = std::to_string(k_five_parts);
    Bench bench(std::ref(parts));
    REQUIRE(bench.store->put("k", bench.file(k_five_parts)));
    CHECK(parts.received == 5);
    CHECK(parts.aborted == 0);
    CHECK(parts.completion.find("<Part><PartNumber>5</PartNumber><ETag>\"e5\"</ETag>") !=
          std::string::npos);
    CHECK(std::filesystem::is_empty(bench.folder.path() / "uploads"));
    std::uint64_t sum = 0;
    for (const auto& request : bench.transport.sent) {
        sum += request.file ? request.file->length : 0;
    }
    CHECK(sum == k_five_parts);
}

TEST_CASE("an upload that was cut off goes on, with the parts that are still the same") {
    Parts parts;
    parts.size = std::to_string(k_five_parts);
    parts.refuse = "4";
    parts.refusal = [](const auto&) {
        return base::fail(ErrorKind::unreachable, "the network is gone");
    };
    Bench bench(std::ref(parts));
    const auto file = bench.file(k_five_parts);
    const auto result = bench.store->put("k", file);
    REQUIRE_FALSE(result);
    CHECK(result.error().message == "cannot write s3://bucket/pre/fix/k: the network is gone");
    CHECK(parts.aborted == 0);
    const auto before = parts.received;
    CHECK(before >= 2);
    parts.refuse.clear();
    parts.kept["2"] = "somebody else's";
    REQUIRE(bench.store->put("k", file));
    CHECK(parts.begun == 1);
    CHECK(parts.received == 6);  // the five, and the second again
}

TEST_CASE("an upload that the store knows no more begins anew") {
    Parts parts;
    parts.size = std::to_string(k_five_parts);
    parts.refuse = "5";
    parts.refusal = [](const auto&) { return base::fail(ErrorKind::unreachable, "gone"); };
    Bench bench(std::ref(parts));
    const auto file = bench.file(k_five_parts);
    REQUIRE_FALSE(bench.store->put("k", file));
    parts.alive = false;
    parts.refuse.clear();
    REQUIRE(bench.store->put("k", file));
    CHECK(parts.begun == 2);
}

TEST_CASE("an upload that is refused is aborted") {
    Parts parts;
    parts.refuse = "3";
    parts.refusal = [](const auto&) { return response(403, s3_fault("AccessDenied")); };
    Bench bench(std::ref(parts));
    CHECK(bench.store->put("k", bench.file(k_five_parts)).error().kind == ErrorKind::permission);
    CHECK(parts.aborted == 1);
    CHECK(std::filesystem::is_empty(bench.folder.path() / "uploads"));
}

TEST_CASE("a completion is believed only when it is one") {
    Parts parts;
    parts.size = std::to_string(k_five_parts);
    SECTION("200 with an error in it") {
        parts.completed = response(200, s3_fault("InternalError", "We encountered an error."));
        Bench bench(std::ref(parts));
        const auto result = bench.store->put("k", bench.file(k_five_parts));
        REQUIRE_FALSE(result);
        CHECK(result.error().kind == ErrorKind::unreachable);
        CHECK(result.error().message.find("InternalError") != std::string::npos);
        CHECK(parts.aborted == 0);
    }
    SECTION("the object is there after all: the answer of an earlier attempt was lost") {
        parts.completed = response(404, s3_fault("NoSuchUpload"));
        Bench bench(std::ref(parts));
        CHECK(bench.store->put("k", bench.file(k_five_parts)));
    }
    SECTION("no such upload, and no such object") {
        parts.completed = response(404, s3_fault("NoSuchUpload"));
        parts.size = "7";
        Bench bench(std::ref(parts));
        CHECK(bench.store->put("k", bench.file(k_five_parts)).error().kind == ErrorKind::not_found);
    }
    SECTION("an object of another size") {
        parts.size = "7";
        Bench bench(std::ref(parts));
        const auto result = bench.store->put("k", bench.file(k_five_parts));
        REQUIRE_FALSE(result);
        CHECK(result.error().message.find("the store has 7 bytes") != std::string::npos);
    }
}

TEST_CASE("parts are as many as S3 takes") {
    constexpr std::uint64_t k_mebibyte = std::uint64_t{1} << 20U;
    CHECK(s3_part_size(k_five_parts) == 16 * k_mebibyte);
    CHECK(s3_part_size(160'000 * k_mebibyte) == 16 * k_mebibyte);
    const auto size = std::uint64_t{5} << 40U;  // 5 TiB, the largest object
    CHECK(s3_part_size(size) % k_mebibyte == 0);
    CHECK((size + s3_part_size(size) - 1) / s3_part_size(size) <= 10'000);
}

TEST_CASE("keys that the store does not accept are a matter of permission, whatever the status") {
    for (const auto* code : {"InvalidToken", "ExpiredToken", "AuthorizationHeaderMalformed"}) {
        const auto error = s3_error(response(400, s3_fault(code)), "x", {"s3", "b", ""}, {});
        CHECK(error.kind == ErrorKind::permission);
    }
    CHECK(s3_error(response(400, s3_fault("BadDigest")), "x", {"s3", "b", ""}, {}).kind ==
          ErrorKind::failed);
}
