// SPDX-License-Identifier: Apache-2.0
#include "genevactl/base/embedded.hpp"

#include "genevactl/base/files.hpp"
#include "support/catch.hpp"

using namespace genevactl::base;
namespace fs = std::filesystem;

namespace {

const std::vector<EmbeddedFile> k_files = {{"pkg/__init__.py", ""}, {"pkg/a.py", "print(1)\n"}};

long entries_of_cache(const fs::path& folder) {
    return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

}  // namespace

TEST_CASE("embedded files are unpacked once") {
    const auto cache = TemporaryDirectory::create("genevactl-test-").value();
    const auto folder = unpack(k_files, "bridge", cache.path()).value();
    CHECK(folder.parent_path() == cache.path());
    CHECK(folder.filename().string().find("bridge-") == 0);
    CHECK(read_file(folder / "pkg/a.py").value() == "print(1)\n");
    CHECK(read_file(folder / "pkg/__init__.py").value().empty());
    const auto before = fs::last_write_time(folder / "pkg/a.py");
    CHECK(unpack(k_files, "bridge", cache.path()).value() == folder);
    CHECK(fs::last_write_time(folder / "pkg/a.py") == before);
    CHECK(entries_of_cache(cache.path()) == 1);
}

TEST_CASE("other content or another path has another folder") {
    const auto cache = TemporaryDirectory::create("genevactl-test-").value();
    const auto first = unpack({{"a", "bc"}}, "x", cache.path()).value();
    CHECK(unpack({{"a", "bd"}}, "x", cache.path()).value() != first);
    CHECK(unpack({{"ab", "c"}}, "x", cache.path()).value() != first);
    CHECK(unpack({{"a", "bc"}}, "y", cache.path()).value() != first);
}

TEST_CASE("a spoiled folder is unpacked anew") {
    const auto cache = TemporaryDirectory::create("genevactl-test-").value();
    const auto folder = unpack(k_files, "bridge", cache.path()).value();
    REQUIRE(write_atomic(folder / "pkg/a.py", "cut o"));
    REQUIRE(unpack(k_files, "bridge", cache.path()).value() == folder);
    CHECK(read_file(folder / "pkg/a.py").value() == "print(1)\n");
    fs::remove(folder / "pkg/__init__.py");
    REQUIRE(unpack(k_files, "bridge", cache.path()));
    CHECK(fs::exists(folder / "pkg/__init__.py"));
    CHECK(entries_of_cache(cache.path()) == 1);
}

TEST_CASE("what Python adds beside does not spoil a folder") {
    const auto cache = TemporaryDirectory::create("genevactl-test-").value();
    const auto folder = unpack(k_files, "bridge", cache.path()).value();
    REQUIRE(write_atomic(folder / "pkg/extra.pyc", "x"));
    REQUIRE(unpack(k_files, "bridge", cache.path()));
    CHECK(fs::exists(folder / "pkg/extra.pyc"));
}

TEST_CASE("code is not unpacked where others could change it") {
    const auto cache = TemporaryDirectory::create("genevactl-test-").value();
    fs::permissions(cache.path(), fs::perms::others_all, fs::perm_options::add);
    CHECK(unpack(k_files, "bridge", cache.path()).error().kind == ErrorKind::refused);
}
