// SPDX-License-Identifier: Apache-2.0
#include "genevactl/capture/verify.hpp"

#include "genevactl/capture/pack.hpp"
#include "scratch_tree.hpp"
#include "zip_writer.hpp"

using namespace genevactl;
using namespace genevactl::capture;
using capture::testing::k_quiet;
using capture::testing::ScratchTree;

namespace {

ReadAt reader_of(const std::string& archive) {
    return [&archive](std::uint64_t offset, std::uint64_t length) -> base::Result<std::string> {
        return offset <= archive.size() ? archive.substr(offset, length) : std::string();
    };
}

bool ends_well(const std::string& archive) {
    const auto end = check_end(archive.size(), reader_of(archive));
    REQUIRE(end);
    return end->has_value();
}

Sound<ArchiveContent> content_of(const std::string& archive) {
    auto content = read_archive(archive.size(), reader_of(archive), base::no_interrupt(), k_quiet);
    CAPTURE(content ? "" : content.error().message);
    REQUIRE(content);
    return std::move(*content);
}

struct Packed {
    Shard shard;
    std::string archive;
};

Packed packed(const ScratchTree& scratch, Level level) {
    auto tree = scan_workspace(scratch.root(), {});
    REQUIRE(tree);
    FingerprintCache cache;
    auto found = fingerprints(tree->files, cache, 1, {}, base::no_interrupt(), k_quiet);
    REQUIRE(found);
    auto shard = shard_of("test", tree->files, std::move(*found));
    const ScratchTree out;
    const auto path = out.root() / "x.zip";
    REQUIRE(pack(shard, path, {.level = level}, base::no_interrupt(), k_quiet));
    return {std::move(shard), base::read_file(path).value()};
}

ScratchTree small_tree() {
    ScratchTree scratch;
    scratch.write("a.py", "print('a')\n");
    scratch.write("pkg/__init__.py", "");
    scratch.write("pkg/u\xcc\x88.txt", "the u is two code points");  // not normalized
    scratch.write("pkg/long.txt", std::string(700'000, 'l'));
    return scratch;
}

}  // namespace

TEST_CASE("an archive's content gives its shard's name, whatever the level and the locale") {
    const auto scratch = small_tree();
    for (const Level level : {k_stored, 6}) {
        const auto [shard, archive] = packed(scratch, level);
        CHECK(ends_well(archive));
        const auto content = content_of(archive);
        REQUIRE(content);
        CHECK(content->files == 4);
        CHECK(content->bytes == shard.bytes);
        CHECK(content->digest == shard.digest);
        CHECK_FALSE(content->head);
        CHECK(check_content(*content, shard.file_name(), {}));
        CHECK_FALSE(check_content(*content, "0000.zip", {}));
    }
}

TEST_CASE("an archive that was cut off anywhere is found without reading it") {
    const auto [shard, archive] = packed(small_tree(), 6);
    for (std::size_t length = 0; length < archive.size(); ++length) {
        CAPTURE(length);
        CHECK_FALSE(ends_well(archive.substr(0, length)));
    }
    CHECK_FALSE(ends_well(archive + '\0'));
    CHECK_FALSE(ends_well("<html>no archive</html>" + std::string(200, ' ')));
    // Bytes that are missing at its start or middle move the directory.
    CHECK_FALSE(ends_well(archive.substr(1)));
    CHECK_FALSE(ends_well(archive.substr(0, 60) + archive.substr(61)));
}

TEST_CASE("an archive with a comment ends well") {
    auto archive = packed(small_tree(), 6).archive;
    archive[archive.size() - 2] = 5;
    CHECK(ends_well(archive + "hello"));
    CHECK_FALSE(ends_well(archive + "hell"));
}

TEST_CASE("an archive of more entries than 16 bits count ends well, and is read") {
    const ScratchTree out;
    constexpr std::size_t k_count = 66'000;
    auto zip = ZipWriter::create(out.root() / "many.zip");
    REQUIRE(zip);
    for (std::size_t i = 0; i < k_count; ++i) {
        REQUIRE(zip->begin(std::to_string(i), Method::stored, 1, 0x8cdc1683U));
        REQUIRE(zip->add("x"));
        REQUIRE(zip->end());
    }
    REQUIRE(zip->finish());
    const auto archive = base::read_file(out.root() / "many.zip").value();
    CHECK(ends_well(archive));
    CHECK_FALSE(ends_well(archive.substr(1)));
    const auto content = content_of(archive);
    REQUIRE(content);
    CHECK(content->files == k_count);
    CHECK(content->bytes == k_count);
}

TEST_CASE("a byte that changed is found by reading") {
    const auto [shard, archive] = packed(small_tree(), k_stored);
    const auto at = archive.find("print");
    REQUIRE(at != std::string::npos);
    auto changed = archive;
    changed[at] = 'P';
    CHECK(ends_well(changed));
    const auto content = content_of(changed);
    REQUIRE_FALSE(content);
    CHECK(content.error().find("a.py: ") == 0);
    // Wherever it is: either the archive cannot be read, or its content has another name.
    for (std::size_t i = 0; i < archive.size(); i += archive.size() / 500) {
        CAPTURE(i);
        changed = archive;
        changed[i] = static_cast<char>(changed[i] ^ 0x20);
        const auto read = content_of(changed);
        CHECK((!read || read->digest == shard.digest ||
               !check_content(*read, shard.file_name(), {})));
    }
}

TEST_CASE("a head is compared with its list") {
    const ScratchTree scratch = small_tree();
    const auto [shard, archive] = packed(scratch, k_stored);
    ShardList list{.title = "workspace",
                   .root = scratch.root().string(),
                   .shards = {shard},
                   .path_lines = {"src", "more"}};
    const ScratchTree out;
    REQUIRE(pack_head(list, out.root() / "h.zip"));
    const auto head = content_of(base::read_file(out.root() / "h.zip").value());
    REQUIRE(head);
    REQUIRE(head->head);
    CHECK(head->head->shards == std::vector<std::string>{shard.file_name()});
    CHECK(head->head->path_lines == list.path_lines);
    CHECK(check_content(*head, list.head_file_name(), {shard.file_name()}));
    CHECK_FALSE(check_content(*head, list.head_file_name(), {"another.zip"}));
    CHECK_FALSE(check_content(*head, shard.file_name(), {shard.file_name()}));
}

TEST_CASE("what the store says while an archive is read is the error") {
    const auto [shard, archive] = packed(small_tree(), k_stored);
    int calls = 0;
    const ReadAt failing = [&](std::uint64_t offset, std::uint64_t length) {
        return ++calls < 3 ? reader_of(archive)(offset, length)
                           : base::Result<std::string>(
                                 base::fail(base::ErrorKind::unreachable, "no connection"));
    };
    const auto content = read_archive(archive.size(), failing, base::no_interrupt(), k_quiet);
    REQUIRE_FALSE(content);
    CHECK(content.error().kind == base::ErrorKind::unreachable);
}
