// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "store_bench.hpp"

using namespace genevactl;
using namespace genevactl::storage;
using namespace genevactl::test;
using base::ErrorKind;
using nlohmann::json;
using transport::Method;

namespace {

const std::map<std::string, std::string> k_gcs_options = {{"google_storage_token", "t0ken"}};
constexpr std::uint64_t k_chunk = std::uint64_t{32} << 20U;  // bytes
constexpr std::uint64_t k_three_chunks = 2 * k_chunk + 5;    // bytes: three chunks

/// The service for one object that is sent by a resumable upload.
struct Session {
    base::Result<transport::Response> operator()(const transport::Request& request) {
        if (request.method == Method::delete_) {
            ++removed;
            return response(204);
        }
        if (request.method == Method::post) {
            ++begun;
            kept = 0;
            md5 = json::parse(request.body)["md5Hash"];
            return response(200, "",
                            {{"Location",
                              "https://storage.googleapis.com/upload/x?"
                              "uploadType=resumable&upload_id=s3cret" +
                                  std::to_string(begun)}});
        }
        CHECK(header_of(request, "authorization").empty());
        CHECK(request.url == "https://storage.googleapis.com/upload/x?uploadType=resumable");
        CHECK(request.secret_query.reveal() == "upload_id=s3cret" + std::to_string(begun));
        ranges.push_back(header_of(request, "content-range"));
        if (broken_at == static_cast<int>(ranges.size())) {
            return base::fail(ErrorKind::unreachable, "it broke");
        }
        if (gone) {
            gone = false;
            return response(410);
        }
        if (request.file) {
            CHECK(request.file->offset == kept);
            kept += request.file->length;
        }
        if (kept < k_three_chunks) {
            return kept == 0
                       ? response(308)
                       : response(308, "", {{"Range", "bytes=0-" + std::to_string(kept - 1)}});
        }
        return response(200, json({{"size", std::to_string(kept)},
                                   {"md5Hash", spoil ? "other" : md5},
                                   {"generation", "9"}})
                                 .dump());
    }

    std::uint64_t kept = 0;
    int begun = 0;
    int removed = 0;
    int broken_at = 0;
    bool gone = false;
    bool spoil = false;
    std::string md5;
    std::vector<std::string> ranges;
};

}  // namespace

TEST_CASE("an object's size is asked with the token, which is no part of the URL") {
    StoreBench bench("gs://data/p", k_gcs_options, [](const transport::Request& request) {
        return request.url.find("there") != std::string::npos ? response(200, R"({"size":"12"})")
                                                              : response(404);
    });
    CHECK(bench.store->size_of("there").value() == 12);
    const auto& request = bench.transport.sent[0];
    CHECK(request.url ==
          "https://storage.googleapis.com/storage/v1/b/data/o/p%2Fthere?fields=size");
    REQUIRE(request.secret_headers.size() == 1);
    CHECK(request.secret_headers[0].second.reveal() == "Bearer t0ken");
    CHECK_FALSE(bench.store->size_of("gone").value());
}

TEST_CASE("without a token there is no store") {
    ScriptedTransport transport;
    FakeClock clock;
    ManualInterrupt interrupt;
    const auto store =
        open_store("gs://data/p", {}, {},
                   {.transport = transport, .clock = clock, .interrupt = interrupt, .state = {}});
    REQUIRE_FALSE(store);
    CHECK(store.error().message.find("google_storage_token") != std::string::npos);
}

TEST_CASE("a small object goes in one request with the MD5 that it must have") {
    StoreBench bench("gs://data/p", k_gcs_options, [](const transport::Request& request) {
        CHECK(request.body.find(R"({"md5Hash":"XUFAKrxLKna5cZ2REBfFkg==","name":"p/k"})") !=
              std::string::npos);
        CHECK(request.body.find("\r\n\r\nhello\r\n--") != std::string::npos);
        return response(200, R"({"size":"5","md5Hash":"XUFAKrxLKna5cZ2REBfFkg=="})");
    });
    CHECK(bench.store->put("k", bench.file("hello", 5)));
    CHECK(bench.transport.sent.size() == 1);
}

TEST_CASE("an object that is not what was sent is removed, that generation only") {
    StoreBench bench("gs://data/p", k_gcs_options, [](const transport::Request& request) {
        return request.method == Method::post ? response(200, R"({"size":"4","generation":"7"})")
                                              : response(204);
    });
    const auto done = bench.store->put("k", bench.file("hello", 5));
    REQUIRE_FALSE(done);
    CHECK(done.error().kind == ErrorKind::failed);
    REQUIRE(bench.transport.sent.size() == 2);
    CHECK(bench.transport.sent[1].method == Method::delete_);
    CHECK(bench.transport.sent[1].url.ends_with("/o/p%2Fk?ifGenerationMatch=7"));
}

TEST_CASE("a large object goes in chunks through a session") {
    Session service;
    StoreBench bench("gs://data/p", k_gcs_options, std::ref(service));
    CHECK(bench.store->put("k", bench.file("hello", k_three_chunks)));
    CHECK(service.ranges == std::vector<std::string>{"bytes 0-33554431/67108869",
                                                     "bytes 33554432-67108863/67108869",
                                                     "bytes 67108864-67108868/67108869"});
    CHECK(std::filesystem::is_empty(bench.folder.path() / "uploads"));
}

TEST_CASE("an upload that was cut off goes on where the store is") {
    Session service;
    service.broken_at = 3;
    StoreBench bench("gs://data/p", k_gcs_options, std::ref(service));
    CHECK(bench.store->put("k", bench.file("hello", k_three_chunks)).error().kind ==
          ErrorKind::unreachable);
    service.ranges.clear();
    SECTION("the same bytes") {
        service.broken_at = 0;
        CHECK(bench.store->put("k", bench.file("hello", k_three_chunks)));
        CHECK(service.begun == 1);
        CHECK(service.ranges ==
              std::vector<std::string>{"bytes */67108869", "bytes 67108864-67108868/67108869"});
    }
    SECTION("other bytes begin anew") {
        service.broken_at = 0;
        CHECK(bench.store->put("k", bench.file("jello", k_three_chunks)));
        CHECK(service.begun == 2);
        CHECK(service.ranges.size() == 3);
    }
    SECTION("a session that the store forgot, too") {
        service.broken_at = 0;
        service.gone = true;
        CHECK(bench.store->put("k", bench.file("hello", k_three_chunks)));
        CHECK(service.begun == 2);
    }
}

TEST_CASE("a large object that arrived as another is removed") {
    Session service;
    service.spoil = true;
    StoreBench bench("gs://data/p", k_gcs_options, std::ref(service));
    CHECK_FALSE(bench.store->put("k", bench.file("hello", k_three_chunks)));
    CHECK(service.removed == 1);
}

TEST_CASE("a store that keeps nothing is not fed without end") {
    StoreBench bench("gs://data/p", k_gcs_options, [](const transport::Request& request) {
        return request.method == Method::post
                   ? response(200, "",
                              {{"location", "https://storage.googleapis.com/u?upload_id=1"}})
                   : response(308);
    });
    const auto done = bench.store->put("k", bench.file("hello", k_three_chunks));
    REQUIRE_FALSE(done);
    CHECK(done.error().message.find("keeps nothing") != std::string::npos);
    CHECK(bench.transport.sent.size() == 4);
}

TEST_CASE("a token that the store does not take any more is vended anew, once") {
    int vended = 0;
    const auto vend = [&]() -> base::Result<StoreOptions> {
        ++vended;
        return store_options({{"google_storage_token", "fresh"}});
    };
    bool ever = false;
    StoreBench bench(
        "gs://data/p", k_gcs_options,
        [&](const transport::Request& request) {
            return header_of(request, "authorization") == "Bearer fresh" && !ever
                       ? response(206, "hello")
                       : response(401, R"({"error":{"code":401,"message":"Invalid Credentials"}})");
        },
        vend);
    CHECK(bench.store->read("k", 0, 5).value() == "hello");
    CHECK(vended == 1);
    ever = true;
    const auto refused = bench.store->read("k", 0, 5);
    REQUIRE_FALSE(refused);
    CHECK(vended == 2);
    CHECK(refused.error().kind == ErrorKind::permission);
}

TEST_CASE("a list follows its page tokens") {
    StoreBench bench("gs://data/p", k_gcs_options, [](const transport::Request& request) {
        const bool second = request.url.find("&pageToken=t%2F1&") != std::string::npos;
        return response(
            200,
            second ? R"({"items":[{"name":"p/a.zip","size":"7","updated":"2026-11-23T02:50:28Z"}]})"
                   : R"({"prefixes":["p/x/"],"nextPageToken":"t/1",)"
                     R"("items":[{"name":"p/b.zip","size":"3"},{"name":"p/"}]})");
    });
    const auto objects = bench.store->list().value();
    REQUIRE(objects.size() == 2);
    CHECK(objects[0].key == "a.zip");
    CHECK(objects[0].size == 7);
    CHECK(base::rfc3339(objects[0].modified.value()) == "2026-11-23T02:50:28Z");
}

TEST_CASE("an object is removed, and one that is gone is") {
    long status = 204;
    StoreBench bench("gs://data/p", k_gcs_options,
                     [&](const transport::Request& /*request*/) { return response(status); });
    CHECK(bench.store->remove("k"));
    status = 404;
    CHECK(bench.store->remove("k"));
    status = 403;
    CHECK(bench.store->remove("k").error().kind == ErrorKind::permission);
}
