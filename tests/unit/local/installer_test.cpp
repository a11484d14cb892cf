// SPDX-License-Identifier: Apache-2.0
#include "installer.hpp"

#include <algorithm>

#include "genevactl/base/files.hpp"
#include "genevactl/base/text.hpp"
#include "pins.hpp"
#include "support/catch.hpp"

using namespace genevactl;
using namespace genevactl::local;

namespace {

using Variables = std::map<std::string, std::string>;

}  // namespace

TEST_CASE("each of pip's settings has its variable of uv", "[local]") {
    CHECK(uv_variables("", {}).empty());
    CHECK(uv_variables("global.index-url='https://a/simple'\n", {}) ==
          Variables{{"UV_DEFAULT_INDEX", "https://a/simple"}});
    CHECK(
        uv_variables("global.extra-index-url='\\nhttps://a\\nhttps://b'\n", {}) ==
        Variables{{"UV_INDEX", "https://a https://b"}, {"UV_INDEX_STRATEGY", "unsafe-best-match"}});
    CHECK(uv_variables(":env:.find-links='/wheels /more'\n", {}) ==
          Variables{{"UV_FIND_LINKS", "/wheels,/more"}});
    CHECK(uv_variables("global.trusted-host='mirror'\n", {}) ==
          Variables{{"UV_INSECURE_HOST", "mirror"}});
    CHECK(uv_variables("global.cert='/ca.pem'\n", {}) == Variables{{"SSL_CERT_FILE", "/ca.pem"}});
    CHECK(uv_variables("global.proxy='http://p:3128'\n", {}) ==
          Variables{{"ALL_PROXY", "http://p:3128"}});
    CHECK(uv_variables("global.timeout='5'\nnonsense\n", {}).empty());
}

TEST_CASE("pip's variables beat its files, and [install] beats [global]", "[local]") {
    const std::string config =
        ":env:.index-url='https://env'\nglobal.cert='/g'\nglobal.index-url='https://global'\n"
        "install.cert='/i'\ninstall.index-url='https://install'\n";
    CHECK(uv_variables(config, {}) ==
          Variables{{"SSL_CERT_FILE", "/i"}, {"UV_DEFAULT_INDEX", "https://env"}});
}

TEST_CASE("uv's own variables are left alone", "[local]") {
    const std::string config = "global.index-url='https://a'\nglobal.extra-index-url='https://b'\n";
    CHECK(uv_variables(config, {{"UV_INDEX_URL", "https://mine"}, {"UV_INDEX", "https://mine"}})
              .empty());
}

TEST_CASE("a URL loses its user and password", "[local]") {
    CHECK(without_url_credentials("see https://u:p@h/x and http://t@h2 end") ==
          "see https://h/x and http://h2 end");
    CHECK(without_url_credentials("https://h/a@b mail@host") == "https://h/a@b mail@host");
    CHECK(without_url_credentials("https://u:p@w@h") == "https://h");
    CHECK(without_url_credentials("://") == "://");
}

TEST_CASE("the table of packages and the tests' requirements name the same versions", "[local]") {
    const auto requirements =
        (std::filesystem::path(GENEVACTL_TEST_DATA) / "../../../../scripts/requirements-geneva.txt")
            .lexically_normal();
    const auto text = base::read_file(requirements).value();
    std::vector<std::string> theirs;
    for (const auto& line : base::split(text, '\n')) {
        if (!line.empty() && line.front() != '#') theirs.push_back(line);
    }
    std::vector<std::string> ours;
    for (const auto& pin : pins()) {
        if (pin.marker != "python_version < '3.11'") ours.emplace_back(pin.requirement);
    }
    std::ranges::sort(theirs);
    std::ranges::sort(ours);
    CHECK(ours == theirs);
}
