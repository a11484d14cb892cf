// SPDX-License-Identifier: Apache-2.0
#include "genevactl/base/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "support/catch.hpp"

using namespace genevactl::base;
namespace fs = std::filesystem;

namespace {

struct Folder {
    TemporaryDirectory directory = TemporaryDirectory::create("genevactl-test-").value();
    fs::path operator/(const std::string& name) const { return directory.path() / name; }
};

unsigned mode_of(const fs::path& path) {
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 07777U;
}

void put(const fs::path& path, const std::string& content, unsigned mode = 0644) {
    std::ofstream(path) << content;
    REQUIRE(::chmod(path.c_str(), mode) == 0);
}

long entries_in(const fs::path& folder) {
    return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

/// Sets the umask for one test.
struct Umask {
    explicit Umask(mode_t mask) : before(::umask(mask)) {}
    ~Umask() { ::umask(before); }
    mode_t before;
};

}  // namespace

TEST_CASE("a file is read as bytes") {
    const Folder folder;
    put(folder / "a", std::string("x\0\r\n\xFF", 5));
    CHECK(read_file(folder / "a").value() == std::string("x\0\r\n\xFF", 5));
    put(folder / "empty", "");
    CHECK(read_file(folder / "empty").value().empty());
}

TEST_CASE("what cannot be read is told with its path") {
    const Folder folder;
    const auto missing = read_file(folder / "none");
    REQUIRE_FALSE(missing);
    CHECK(missing.error().kind == ErrorKind::not_found);
    CHECK(missing.error().message.find((folder / "none").string()) != std::string::npos);
    CHECK(read_file(folder.directory.path()).error().kind == ErrorKind::failed);
    put(folder / "big", "12345");
    CHECK(read_file(folder / "big", 5).has_value());
    CHECK(read_file(folder / "big", 4).error().message.find("4 bytes") != std::string::npos);
    CHECK(read_file("/dev/zero", 100'000).error().kind == ErrorKind::failed);
}

TEST_CASE("a file with a secret must be private") {
    const Folder folder;
    put(folder / "key", "k", 0600);
    CHECK(read_private_file(folder / "key").value() == "k");
    for (const unsigned mode : {0640U, 0604U, 0610U, 0644U}) {
        put(folder / "key", "k", mode);
        const auto result = read_private_file(folder / "key");
        REQUIRE_FALSE(result);
        CHECK(result.error().kind == ErrorKind::refused);
        CHECK(result.error().hint.find("chmod 600") != std::string::npos);
    }
    CHECK(read_private_file(folder / "none").error().kind == ErrorKind::not_found);
}

TEST_CASE("a file is written whole and nothing is left beside it") {
    const Folder folder;
    REQUIRE(write_atomic(folder / "a", "one"));
    REQUIRE(write_atomic(folder / "a", "two"));
    CHECK(read_file(folder / "a").value() == "two");
    CHECK(entries_in(folder.directory.path()) == 1);
}

TEST_CASE("a new file has the mode asked for, less the umask") {
    const Folder folder;
    const Umask mask(022);
    REQUIRE(write_atomic(folder / "public", "x"));
    CHECK(mode_of(folder / "public") == 0644);
    REQUIRE(write_atomic(folder / "private", "x", 0600));
    CHECK(mode_of(folder / "private") == 0600);
}

TEST_CASE("replacing a private file does not open it to others") {
    const Folder folder;
    put(folder / "a", "x", 0600);
    REQUIRE(write_atomic(folder / "a", "y"));
    CHECK(mode_of(folder / "a") == 0600);
    put(folder / "b", "x", 0644);
    REQUIRE(write_atomic(folder / "b", "y", 0600));
    CHECK(mode_of(folder / "b") == 0600);
}

TEST_CASE("a failed write leaves the old file and no other") {
    const Folder folder;
    put(folder / "a", "old");
    struct stat before {};
    REQUIRE(::stat((folder / "a").c_str(), &before) == 0);
    const auto missing = write_atomic(folder / "none" / "a", "x");
    REQUIRE_FALSE(missing);
    CHECK(missing.error().kind == ErrorKind::failed);
    CHECK(missing.error().message.find("none/a") != std::string::npos);
    CHECK_FALSE(write_atomic(folder / "a" / "b", "x"));
    CHECK_FALSE(write_atomic(folder.directory.path(), "x"));
    CHECK(read_file(folder / "a").value() == "old");
    CHECK(entries_in(folder.directory.path()) == 1);
}

TEST_CASE("a symbolic link stays and what it points at is written") {
    const Folder folder;
    fs::create_directory(folder / "real");
    put(folder / "real" / "a", "old");
    fs::create_symlink("real/a", folder / "link");
    fs::create_symlink("link", folder / "link2");
    REQUIRE(write_atomic(folder / "link2", "new"));
    CHECK(fs::is_symlink(folder / "link2"));
    CHECK(fs::is_symlink(folder / "link"));
    CHECK(read_file(folder / "real" / "a").value() == "new");
    fs::create_symlink("real/b", folder / "dangling");
    REQUIRE(write_atomic(folder / "dangling", "b"));
    CHECK(read_file(folder / "real" / "b").value() == "b");
    fs::create_symlink("loop", folder / "loop");
    CHECK_FALSE(write_atomic(folder / "loop", "x"));
}

TEST_CASE("a device is written to, not replaced") {
    REQUIRE(write_atomic("/dev/null", "x"));
    CHECK(fs::is_character_file("/dev/null"));
    const auto full = write_atomic("/dev/full", "x");
    REQUIRE_FALSE(full);
    CHECK(full.error().message.find("No space left") != std::string::npos);
    CHECK(fs::is_character_file("/dev/full"));
}

TEST_CASE("a pipe is written to, not replaced") {
    const Folder folder;
    REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
    const int reader = ::open((folder / "pipe").c_str(), O_RDONLY | O_NONBLOCK);
    REQUIRE(write_atomic(folder / "pipe", "hello"));
    char buffer[16] = {};
    CHECK(::read(reader, buffer, sizeof buffer) == 5);
    CHECK(std::string(buffer) == "hello");
    CHECK(fs::is_fifo(folder / "pipe"));
    ::close(reader);
}

TEST_CASE("a private folder is made with its parents and kept if it is private") {
    const Folder folder;
    const Umask mask(0);
    REQUIRE(create_private_directory(folder / "a" / "b"));
    CHECK(mode_of(folder / "a" / "b") == 0700);
    CHECK(mode_of(folder / "a") == 0700);
    CHECK(create_private_directory(folder / "a" / "b"));
    CHECK(create_private_directory(folder / "a" / "b" / ""));
    fs::create_directory_symlink("a", folder / "link");
    CHECK(create_private_directory(folder / "link"));
}

TEST_CASE("a folder that others may enter is refused") {
    const Folder folder;
    for (const unsigned mode : {0755U, 0770U, 0701U}) {
        fs::create_directory(folder / "open");
        REQUIRE(::chmod((folder / "open").c_str(), mode) == 0);
        const auto result = create_private_directory(folder / "open");
        REQUIRE_FALSE(result);
        CHECK(result.error().kind == ErrorKind::refused);
        CHECK(result.error().hint.find("chmod 700") != std::string::npos);
    }
    put(folder / "file", "x");
    CHECK_FALSE(create_private_directory(folder / "file"));
    CHECK_FALSE(create_private_directory(folder / "file" / "x"));
}

TEST_CASE("a temporary folder is private and goes away with its content") {
    fs::path path;
    {
        auto first = TemporaryDirectory::create("genevactl-test-").value();
        path = first.path();
        CHECK(mode_of(path) == 0700);
        CHECK(path.filename().string().find("genevactl-test-") == 0);
        fs::create_directories(path / "a/b");
        put(path / "a/b/c", "x");
        const auto second = std::move(first);
        CHECK(second.path() == path);
        CHECK(fs::exists(path));
    }
    CHECK_FALSE(fs::exists(path));
}
