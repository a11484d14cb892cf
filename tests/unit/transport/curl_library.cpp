// SPDX-License-Identifier: Apache-2.0
#include "curl_library.hpp"

#include <array>

#include "support/catch.hpp"

using namespace genevactl::transport;

TEST_CASE("without libcurl the error names the package to install") {
    const std::array<const char*, 2> names = {"libgenevactl-none.so.4", "libgenevactl-none.so.5"};
    const auto result = load_curl(names);
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == genevactl::base::ErrorKind::failed);
    CHECK(result.error().message.find("libgenevactl-none.so.4") != std::string::npos);
    CHECK(result.error().hint.find("libcurl4") != std::string::npos);
}

TEST_CASE("a library without what is needed is told apart") {
    const std::array<const char*, 1> names = {"libc.so.6"};
    const auto result = load_curl(names);
    REQUIRE_FALSE(result);
    CHECK(result.error().message == "libc.so.6 is too old: it has no curl_global_init");
}
