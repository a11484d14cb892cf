// SPDX-License-Identifier: Apache-2.0
#include "genevactl/capture/pack.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>

#include <clocale>
#include <map>
#include <memory>
#include <random>
#include <utility>

#include <fmt/format.h>

#include "deflate.hpp"
#include "genevactl/base/clock.hpp"
#include "scratch_tree.hpp"
#include "zip_writer.hpp"

using namespace genevactl;
using namespace genevactl::capture;
using capture::testing::k_quiet;
using capture::testing::ScratchTree;

namespace fs = std::filesystem;

namespace {

std::vector<Fingerprint> fingerprints_of(const std::vector<File>& files) {
    FingerprintCache cache;
    auto found = fingerprints(files, cache, 2, {}, base::no_interrupt(), k_quiet);
    CAPTURE(found ? "" : found.error().message);
    REQUIRE(found);
    return std::move(*found);
}

Shard shard_of_tree(const ScratchTree& scratch) {
    auto tree = scan_workspace(scratch.root(), {});
    REQUIRE(tree);
    auto found = fingerprints_of(tree->files);
    return shard_of("test", tree->files, std::move(found));
}

/// Names and contents of an archive as libarchive reads them, checksums compared.
std::map<std::string, std::string> unpacked(const fs::path& archive) {
    const std::unique_ptr<struct archive, decltype(&archive_read_free)> reader(archive_read_new(),
                                                                               &archive_read_free);
    REQUIRE(std::setlocale(LC_CTYPE, "C.UTF-8") != nullptr);  // libarchive's names are the locale's
    archive_read_support_format_zip(reader.get());
    REQUIRE(archive_read_open_filename(reader.get(), archive.c_str(), 65536) == ARCHIVE_OK);
    std::map<std::string, std::string> contents;
    archive_entry* entry = nullptr;
    int status = ARCHIVE_OK;
    while ((status = archive_read_next_header(reader.get(), &entry)) == ARCHIVE_OK) {
        CHECK(archive_entry_perm(entry) == 0644);
        std::string content(static_cast<std::size_t>(archive_entry_size(entry)), '\0');
        REQUIRE(archive_read_data(reader.get(), content.data(), content.size()) ==
                static_cast<la_ssize_t>(content.size()));
        contents[archive_entry_pathname(entry)] = content;
    }
    CHECK(status == ARCHIVE_EOF);
    return contents;
}

std::string noise(std::size_t size) {
    std::mt19937 generator(7);
    std::string bytes(size, '\0');
    for (auto& byte : bytes) {
        byte = static_cast<char>(generator());
    }
    return bytes;
}

/// Text that shrinks, with matches over the ends of pieces.
std::string varied(std::size_t size) {
    std::string bytes;
    for (std::size_t i = 0; bytes.size() < size; ++i) {
        bytes += fmt::format("line {} of {}\n", i * i % 977, i % 13);
    }
    return bytes;
}

}  // namespace

TEST_CASE("an archive holds every byte, whatever the file's size and the level") {
    const std::map<std::string, std::string> contents{
        {"empty.py", ""},
        {"small.py", "print('x')\n"},
        {"pkg/large.txt", std::string(3'000'000, 'a') + noise(1000)},
        {"pkg/noise.bin", noise(900'000)},
        {"pkg/piece.bin", std::string(std::size_t{256} << 10U, 'z')},
        {"pkg/pieces.bin", std::string(std::size_t{4} << 20U, 'z')},
        {"pkg/mixed.bin", varied(5'300'000)},
        {"pkg/\xc3\xa9\xe4\xb8\xad.txt", "unicode"},
    };
    ScratchTree scratch;
    for (const auto& [name, content] : contents) {
        scratch.write(name, content);
    }
    const auto shard = shard_of_tree(scratch);
    const ScratchTree out;
    std::map<Level, std::uint64_t> sizes;
    for (const auto& [level, threads] :
         {std::pair{0, 1U}, {1, 1U}, {6, 1U}, {9, 1U}, {0, 3U}, {1, 2U}, {6, 3U}}) {
        const auto archive = out.root() / fmt::format("{}-{}.zip", level, threads);
        const Packing packing{.level = level, .threads = threads, .stays = threads > 1};
        const auto size = pack(shard, archive, packing, base::no_interrupt(), k_quiet);
        CAPTURE(size ? "" : size.error().message);
        REQUIRE(size);
        CHECK(*size == fs::file_size(archive));
        CHECK(unpacked(archive) == contents);
        sizes[level] = *size;
    }
    // What does not shrink is stored: noise alone makes up most of the archive.
    CHECK(sizes[6] < 3'000'000);
    CHECK(sizes[0] > 13'000'000);
}

TEST_CASE("an entry of more than four gigabytes has its size, and the next one its place") {
    constexpr std::size_t k_part = std::size_t{64} << 20U;
    constexpr std::size_t k_parts = 66;
    const std::string zeros(k_part, '\0');
    // Cut off from each other, all parts look alike.
    std::string part;
    Deflater deflater(1);
    deflater.add(zeros, Deflater::Then::cut, [&](std::string_view bytes) {
        part += bytes;
        return true;
    });
    const auto of_part = crc32_of(0, zeros);
    std::uint32_t crc = 0;
    for (std::size_t i = 0; i < k_parts; ++i)
        crc = crc32_after(crc, of_part, k_part);
    const ScratchTree out;
    const auto archive = out.root() / "large.zip";
    auto zip = ZipWriter::create(archive).value();
    REQUIRE(zip.begin("weights.bin", Method::deflated, k_parts * k_part, crc));
    for (std::size_t i = 0; i < k_parts; ++i)
        REQUIRE(zip.add(part));
    constexpr std::string_view k_end("\x03\x00", 2);  // an empty last block (RFC 1951, 3.2.6)
    REQUIRE(zip.add(k_end));
    REQUIRE(zip.end());
    REQUIRE(zip.begin("next.txt", Method::stored, 4, crc32_of(0, "next")));
    REQUIRE(zip.add("next"));
    REQUIRE(zip.end());
    REQUIRE(zip.finish());

    const std::unique_ptr<struct archive, decltype(&archive_read_free)> reader(archive_read_new(),
                                                                               &archive_read_free);
    archive_read_support_format_zip(reader.get());
    REQUIRE(archive_read_open_filename(reader.get(), archive.c_str(), 65536) == ARCHIVE_OK);
    archive_entry* entry = nullptr;
    REQUIRE(archive_read_next_header(reader.get(), &entry) == ARCHIVE_OK);
    CHECK(archive_entry_size(entry) == static_cast<la_int64_t>(k_parts * k_part));
    REQUIRE(archive_read_next_header(reader.get(), &entry) == ARCHIVE_OK);
    std::string next(4, '\0');
    CHECK(archive_read_data(reader.get(), next.data(), next.size()) == 4);
    CHECK(next == "next");
    CHECK(archive_read_next_header(reader.get(), &entry) == ARCHIVE_EOF);
}

TEST_CASE("an archive does not depend on times, modes or the order of the folder") {
    ScratchTree one;
    ScratchTree two;
    for (const auto* name : {"a.py", "b/c.py", "d.py"}) {
        one.write(name, name);
    }
    for (const auto* name : {"d.py", "b/c.py", "a.py"}) {
        two.write(name, name);
        fs::permissions(two.root() / name, fs::perms::all);
        fs::last_write_time(two.root() / name,
                            fs::file_time_type::clock::now() - std::chrono::hours(24 * 365 * 60));
    }
    const auto left = shard_of_tree(one);
    const auto right = shard_of_tree(two);
    CHECK(left.digest == right.digest);
    const ScratchTree out;
    REQUIRE(pack(left, out.root() / "l.zip", {.level = k_stored}, base::no_interrupt(), k_quiet));
    REQUIRE(pack(right, out.root() / "r.zip", {.level = k_stored}, base::no_interrupt(), k_quiet));
    CHECK(base::read_file(out.root() / "l.zip").value() ==
          base::read_file(out.root() / "r.zip").value());
    two.write("d.py", "D.py");
    CHECK(shard_of_tree(two).digest != left.digest);
}

TEST_CASE("a file that changed is an error that names it, and no archive stays") {
    ScratchTree scratch;
    const auto path = scratch.write("m.py", "one");
    auto shard = shard_of_tree(scratch);
    const ScratchTree out;
    const auto archive = out.root() / "x.zip";
    shard.fingerprints.front().crc32 ^= 1U;
    auto packed = pack(shard, archive, {.level = 6}, base::no_interrupt(), k_quiet);
    REQUIRE_FALSE(packed);
    CHECK(packed.error().message == path.string() + " changed while it was captured");
    CHECK_FALSE(fs::exists(archive));

    scratch.write("m.py", "three");
    packed = pack(shard, archive, {.level = 6}, base::no_interrupt(), k_quiet);
    REQUIRE_FALSE(packed);
    fs::remove(path);
    packed = pack(shard, archive, {.level = 6}, base::no_interrupt(), k_quiet);
    REQUIRE_FALSE(packed);
    CHECK(packed.error().kind == base::ErrorKind::failed);
}

TEST_CASE("an archive that cannot be written whole is an error") {
    ScratchTree scratch;
    scratch.write("m.py", noise(100'000));
    const auto shard = shard_of_tree(scratch);
    const auto full = pack(shard, "/dev/full", {.level = 0}, base::no_interrupt(), k_quiet);
    REQUIRE_FALSE(full);
    CHECK(full.error().message.find("/dev/full") != std::string::npos);
    CHECK_FALSE(pack(shard, "/nonexistent/x.zip", {.level = 0}, base::no_interrupt(), k_quiet));
}

TEST_CASE("a head names its shards and its path lines") {
    ScratchTree scratch;
    scratch.write("src/m.py");
    ShardList list{.title = "workspace",
                   .root = scratch.root().string(),
                   .shards = {shard_of_tree(scratch)},
                   .path_lines = {"src"}};
    const ScratchTree out;
    REQUIRE(pack_head(list, out.root() / "h.zip"));
    CHECK(
        unpacked(out.root() / "h.zip") ==
        std::map<std::string, std::string>{{".genevactl-capture", list.shards[0].digest + ".zip\n"},
                                           {"genevactl-paths.pth", "src\n"}});
    const auto before = list.digest();
    list.path_lines.clear();
    CHECK(list.digest() != before);
}

TEST_CASE("the CRC is that of RFC 1952, continued piece by piece") {
    CHECK(crc32_of(0, "123456789") == 0xcbf43926U);
    CHECK(crc32_of(crc32_of(0, "1234"), "56789") == 0xcbf43926U);
}

TEST_CASE("the cache knows a file by its identity and forgets it with a change") {
    ScratchTree scratch;
    const auto path = scratch.write("m.py", "one");
    const auto file = scratch.root() / "cache" / "fingerprints";
    const auto scan = [&] {
        auto tree = scan_workspace(scratch.root(), {.exclude = {"/cache/"}});
        REQUIRE(tree);
        return tree->files;
    };
    const auto later = base::WallTime(std::chrono::hours(24 * 365 * 100));
    auto cache = FingerprintCache::load(file);
    const auto files = scan();
    REQUIRE(fingerprints(files, cache, 1, later, base::no_interrupt(), k_quiet));
    REQUIRE(cache.save(file));
    auto again = FingerprintCache::load(file);
    REQUIRE(again.find(files[0].identity));
    CHECK(again.find(files[0].identity)->crc32 == crc32_of(0, "one"));

    // Another content of the same length, with the time of the last change put back.
    const auto time = fs::last_write_time(path);
    scratch.write("m.py", "two");
    fs::last_write_time(path, time);
    CHECK_FALSE(again.find(scan()[0].identity));

    auto bytes = base::read_file(file).value();
    bytes[40] = static_cast<char>(bytes[40] ^ 1);
    REQUIRE(base::write_atomic(file, bytes));
    CHECK_FALSE(FingerprintCache::load(file).find(files[0].identity));
}

TEST_CASE("a file that changed just now is not remembered") {
    ScratchTree scratch;
    scratch.write("m.py", "one");
    const auto tree = scan_workspace(scratch.root(), {});
    REQUIRE(tree);
    const auto& identity = tree->files[0].identity;
    const auto changed = base::WallTime(base::Microseconds(identity.changed_ns / 1000));
    const auto file = scratch.root() / "fingerprints";
    FingerprintCache cache;
    cache.add(identity, {}, changed + std::chrono::milliseconds(500));
    REQUIRE(cache.save(file));
    CHECK_FALSE(FingerprintCache::load(file).find(identity));
}
