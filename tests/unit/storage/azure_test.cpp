// SPDX-License-Identifier: Apache-2.0
#include "azure_place.hpp"
#include "store_bench.hpp"

using namespace genevactl;
using namespace genevactl::storage;
using namespace genevactl::test;
using base::ErrorKind;
using transport::Method;

namespace {

const std::map<std::string, std::string> k_azure_options = {
    {"azure_storage_account_name", "acme"},
    {"azure_storage_sas_token", "?sv=2020-12-06&sig=a%2Bb%3D&se=2030-01-01T00:00:00Z"}};

constexpr std::string_view k_signature = "sv=2020-12-06&sig=a%2Bb%3D&se=2030-01-01T00%3A00%3A00Z";

std::string azure_fault(const std::string& code) {
    return "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>m</Message></Error>";
}

/// The service for one blob that is sent in blocks.
struct Blocks {
    base::Result<transport::Response> operator()(const transport::Request& request) {
        const auto& url = request.url;
        if (request.method == Method::get) {
            std::string xml = "<BlockList><UncommittedBlocks>";
            for (const auto& [id, size] : waiting) {
                xml += "<Block><Name>" + id + "</Name><Size>" + std::to_string(size) +
                       "</Size></Block>";
            }
            return response(200, xml + "</UncommittedBlocks></BlockList>");
        }
        if (const auto at = url.find("blockid="); at != std::string::npos) {
            ++received;
            const auto id = decoded(url.substr(at + 8));
            waiting[id] = request.file->length;
            return response(201);
        }
        list = request.body;
        if (lose) {
            lose = false;
            waiting.clear();
            return response(400, azure_fault("InvalidBlockList"));
        }
        return response(201);
    }

    /// Base64 has three characters that are encoded.
    static std::string decoded(std::string text) {
        const std::map<std::string, std::string> encoded = {
            {"%3D", "="}, {"%2B", "+"}, {"%2F", "/"}};
        for (const auto& [code, character] : encoded) {
            for (auto at = text.find(code); at != std::string::npos; at = text.find(code)) {
                text.replace(at, code.size(), character);
            }
        }
        return text;
    }

    std::map<std::string, std::uint64_t> waiting;
    int received = 0;
    bool lose = false;
    std::string list;
};

constexpr std::uint64_t k_five_blocks = (std::uint64_t{64} << 20U) + 5;  // bytes: five blocks

}  // namespace

TEST_CASE("a container is where its account, its location or its endpoint says") {
    const auto url = [](const std::string& bucket, std::map<std::string, std::string> options) {
        return azure_container_url({"az", bucket, "p"}, store_options(options)).value();
    };
    CHECK(url("data", k_azure_options) == "https://acme.blob.core.windows.net/data");
    CHECK(url("data@lake.dfs.core.windows.net", {}) == "https://lake.blob.core.windows.net/data");
    CHECK(url("data", {{"account_name", "a"}, {"azure_endpoint", "http://127.0.0.1:1/a/"}}) ==
          "http://127.0.0.1:1/a/data");
    CHECK(azure_container_url({"az", "data", ""}, {}).error().kind == ErrorKind::failed);
}

TEST_CASE("a signature is the same whether or not its values came encoded") {
    const auto query = [](const std::string& token) {
        return std::string(azure_signature(store_options({{"sas_token", token}})).value().reveal());
    };
    CHECK(query("?sv=2020-12-06&sig=a%2Bb%3D&se=2030-01-01T00:00:00Z") == k_signature);
    CHECK(query("sv=2020-12-06&sig=a+b=&se=2030-01-01T00%3A00%3A00Z") == k_signature);
    CHECK_FALSE(azure_signature({}));
}

TEST_CASE("a blob's size, that it is not there, and that its container is not") {
    StoreBench bench("az://data/a b", k_azure_options, [](const transport::Request& request) {
        CHECK(request.secret_query.reveal() == k_signature);
        CHECK(request.url.find("sig") == std::string::npos);
        if (request.url.ends_with("/there")) return response(200, "", {{"Content-Length", "12"}});
        return response(404, "",
                        {{"x-ms-error-code",
                          request.url.ends_with("/gone") ? "BlobNotFound" : "ContainerNotFound"}});
    });
    CHECK(bench.store->size_of("there").value() == 12);
    CHECK(bench.transport.sent[0].url == "https://acme.blob.core.windows.net/data/a%20b/there");
    CHECK_FALSE(bench.store->size_of("gone").value());
    const auto nowhere = bench.store->size_of("x");
    REQUIRE_FALSE(nowhere);
    CHECK(nowhere.error().kind == ErrorKind::not_found);
    CHECK(nowhere.error().message ==
          "cannot look at az://data/a b/x: ContainerNotFound (HTTP 404)");
}

TEST_CASE("a small blob goes in one request with its MD5") {
    StoreBench bench("az://data/p", k_azure_options,
                     [](const transport::Request& /*request*/) { return response(201); });
    CHECK(bench.store->put("k", bench.file("hello", 5)));
    const auto& request = bench.transport.sent.at(0);
    CHECK(request.method == Method::put);
    CHECK(header_of(request, "content-md5") == "XUFAKrxLKna5cZ2REBfFkg==");
    CHECK(header_of(request, "x-ms-blob-type") == "BlockBlob");
    CHECK(bench.transport.sent.size() == 1);
}

TEST_CASE("a large blob goes in blocks that are put together in their order") {
    Blocks service;
    StoreBench bench("az://data/p", k_azure_options, std::ref(service));
    CHECK(bench.store->put("k", bench.file("hello", k_five_blocks)));
    CHECK(service.received == 5);
    std::size_t at = 0;
    for (const auto& [id, size] : service.waiting) {  // ids sort as the blocks do
        const auto found = service.list.find("<Latest>" + id + "</Latest>");
        REQUIRE(found != std::string::npos);
        CHECK(found >= at);
        at = found;
    }
    // Those that wait from before are not sent again; others under the same name do no harm.
    service.received = 0;
    service.waiting.erase(service.waiting.begin());
    service.waiting["b3RoZXI="] = 7;
    CHECK(bench.store->put("k", bench.file("hello", k_five_blocks)));
    CHECK(service.received == 1);
    // Other content, other blocks.
    service.received = 0;
    CHECK(bench.store->put("k", bench.file("jello", k_five_blocks)));
    CHECK(service.received == 1);
}

TEST_CASE("blocks that vanish, since another put the blob together, are sent again") {
    Blocks service;
    service.lose = true;
    StoreBench bench("az://data/p", k_azure_options, std::ref(service));
    CHECK(bench.store->put("k", bench.file("hello", k_five_blocks)));
    CHECK(service.received == 10);
}

TEST_CASE("a signature that may have expired is vended anew, once") {
    int vended = 0;
    const auto vend = [&]() -> base::Result<StoreOptions> {
        ++vended;
        auto options = k_azure_options;
        options["azure_storage_sas_token"] = "sig=fresh";
        return store_options(options);
    };
    bool ever = false;
    const auto answer = [&](const transport::Request& request) {
        return request.secret_query.reveal() == "sig=fresh" && !ever
                   ? response(206, "hello")
                   : response(403, azure_fault("AuthenticationFailed"));
    };
    StoreBench bench("az://data/p", k_azure_options, answer, vend);
    CHECK(bench.store->read("k", 0, 5).value() == "hello");
    CHECK(vended == 1);
    CHECK(header_of(bench.transport.sent[0], "x-ms-range") == "bytes=0-4");
    ever = true;
    const auto refused = bench.store->read("k", 0, 5);
    REQUIRE_FALSE(refused);
    CHECK(vended == 2);
    CHECK(refused.error().kind == ErrorKind::permission);
    CHECK(refused.error().hint.find("azure_storage_sas_token") != std::string::npos);
}

TEST_CASE("what a good signature does not allow is not asked for twice") {
    int vended = 0;
    const auto vend = [&]() -> base::Result<StoreOptions> {
        ++vended;
        return store_options(k_azure_options);
    };
    StoreBench bench(
        "az://data/p", k_azure_options,
        [](const transport::Request& /*request*/) {
            return response(403, "", {{"x-ms-error-code", "AuthorizationPermissionMismatch"}});
        },
        vend);
    CHECK(bench.store->size_of("k").error().kind == ErrorKind::permission);
    CHECK(vended == 0);
}

TEST_CASE("a range behind the end is empty, and no range asks for nothing") {
    StoreBench bench("az://data/p", k_azure_options, [](const transport::Request& /*request*/) {
        return response(416, azure_fault("InvalidRange"));
    });
    CHECK(bench.store->read("k", 10, 5).value().empty());
    CHECK(bench.store->read("k", 0, 0).value().empty());
    CHECK(bench.transport.sent.size() == 1);
}

TEST_CASE("a list goes on where the page before says, and names what is below the prefix") {
    StoreBench bench("az://data/p", k_azure_options, [](const transport::Request& request) {
        const bool second = request.url.find("&marker=m%2F1") != std::string::npos;
        const std::string name = second ? "p/a.zip" : "p/b.zip";
        const std::string next = second ? "<NextMarker/>" : "<NextMarker>m/1</NextMarker>";
        return response(200,
                        "<EnumerationResults><Blobs><BlobPrefix><Name>p/x/</Name></BlobPrefix>"
                        "<Blob><Name>" +
                            name +
                            "</Name><Properties><Last-Modified>Mon, 23 Nov 2026 02:50:28 "
                            "GMT</Last-Modified><Content-Length>7</Content-Length>"
                            "</Properties></Blob></Blobs>" +
                            next + "</EnumerationResults>");
    });
    const auto objects = bench.store->list().value();
    REQUIRE(objects.size() == 2);
    CHECK(objects[0].key == "a.zip");
    CHECK(objects[1].key == "b.zip");
    CHECK(objects[1].size == 7);
    CHECK(base::rfc3339(objects[1].modified.value()) == "2026-11-23T02:50:28Z");
    CHECK(bench.transport.sent[0].url ==
          "https://acme.blob.core.windows.net/data?restype=container&comp=list&delimiter=%2F&"
          "prefix=p%2F&marker=");
}

TEST_CASE("a blob is removed, and one that is gone is") {
    long status = 202;
    StoreBench bench("az://data/p", k_azure_options,
                     [&](const transport::Request& /*request*/) { return response(status); });
    CHECK(bench.store->remove("k"));
    status = 404;
    CHECK(bench.store->remove("k"));
    status = 409;
    CHECK(bench.store->remove("k").error().kind == ErrorKind::conflict);
}
