// SPDX-License-Identifier: Apache-2.0
// Large blobs: Get Block List, Put Block, Put Block List.
#include <map>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "azure_blob.hpp"
#include "genevactl/base/digest.hpp"
#include "genevactl/base/parallel.hpp"
#include "genevactl/base/try.hpp"
#include "md5.hpp"
#include "slice.hpp"

namespace genevactl::storage {

namespace {

using transport::Method;

constexpr std::uint64_t k_block = std::uint64_t{16} << 20U;  // bytes
constexpr std::uint64_t k_most_blocks = 50000;               // of a blob, says the service

struct Block {
    transport::FileSlice slice;
    std::string md5 = {};  ///< base64
    std::string id = {};   ///< base64; all of a blob are equally long
};

struct Blocks {
    std::vector<Block> blocks;
    std::string md5;  ///< of the whole, base64
};

base::Result<Blocks> cut(const transport::FileSlice& whole) {
    Blocks result;
    Md5 of_whole;
    const auto size = std::max(k_block, (whole.length + k_most_blocks - 1) / k_most_blocks);
    for (auto& slice : slices_of(whole.path, whole.length, size)) {
        Block block{.slice = std::move(slice)};
        Md5 md5;
        GENEVACTL_CHECK(read_slice(block.slice, [&](std::string_view bytes) {
            md5.add(bytes);
            of_whole.add(bytes);
        }));
        block.md5 = base::base64_encode(md5.finish());
        block.id = base::base64_encode(fmt::format("{:05}-{}", result.blocks.size(), block.md5));
        result.blocks.push_back(std::move(block));
    }
    result.md5 = base::base64_encode(of_whole.finish());
    return result;
}

/// The blocks that were sent and not put together yet, with their sizes in bytes. Nothing is known
/// where the signature does not allow to ask.
base::Result<std::map<std::string, std::uint64_t>> waiting_blocks(BlobService& service,
                                                                  const std::string& blob,
                                                                  std::string_view what) {
    GENEVACTL_TRY(
        const auto response,
        service.call(
            {.what = what, .blob = blob, .query = "comp=blocklist&blocklisttype=uncommitted"}));
    std::map<std::string, std::uint64_t> waiting;
    if (response.status == 404 || response.status == 403) {
        return waiting;
    }
    GENEVACTL_CHECK(service.expect(response, 200, what));
    pugi::xml_document document;
    document.load_buffer(response.body.data(), response.body.size());
    for (const auto block :
         document.child("BlockList").child("UncommittedBlocks").children("Block")) {
        waiting.emplace(block.child_value("Name"), block.child("Size").text().as_ullong());
    }
    return waiting;
}

base::Status put_block(BlobService& service, const std::string& blob, const Block& block,
                       std::string_view what) {
    GENEVACTL_TRY(
        const auto response,
        service.call(
            {.what = what,
             .method = Method::put,
             .blob = blob,
             .query = "comp=block&blockid=" + transport::percent_encode(block.id),
             .headers = {{"content-type", std::string(k_binary)}, {"content-md5", block.md5}},
             .file = block.slice}));
    return service.expect(response, 201, what);
}

/// "Latest" rather than "Uncommitted": when the answer to the first attempt is lost, the second
/// finds the blocks put together already.
std::string list_of(const Blocks& blocks) {
    std::string text = R"(<?xml version="1.0" encoding="utf-8"?><BlockList>)";
    for (const auto& block : blocks.blocks) {
        text += fmt::format("<Latest>{}</Latest>", block.id);
    }
    return text + "</BlockList>";
}

base::Result<transport::Response> put_together(BlobService& service, const std::string& blob,
                                               const Blocks& blocks, std::string_view what) {
    return service.call({.what = what,
                         .method = Method::put,
                         .blob = blob,
                         .query = "comp=blocklist",
                         .headers = {{"content-type", "application/xml"},
                                     {"x-ms-blob-content-type", std::string(k_binary)},
                                     {"x-ms-blob-content-md5", blocks.md5}},
                         .body = list_of(blocks)});
}

base::Status send_missing(BlobService& service, const std::string& blob, const Blocks& blocks,
                          std::string_view what) {
    GENEVACTL_TRY(const auto waiting, waiting_blocks(service, blob, what));
    return base::for_each_in_parallel(
        blocks.blocks.size(), service.context().threads, service.context().interrupt,
        [&](std::size_t i) -> base::Status {
            const auto& block = blocks.blocks[i];
            const auto found = waiting.find(block.id);
            return found != waiting.end() && found->second == block.slice.length
                       ? base::Status()
                       : put_block(service, blob, block, what);
        });
}

}  // namespace

base::Status put_in_blocks(BlobService& service, const std::string& blob, const std::string& uri,
                           const transport::FileSlice& whole) {
    const auto what = "write " + uri;
    GENEVACTL_TRY(const auto blocks, cut(whole));
    GENEVACTL_CHECK(send_missing(service, blob, blocks, what));
    GENEVACTL_TRY(auto response, put_together(service, blob, blocks, what));
    if (fault_of(response).code == "InvalidBlockList") {
        // Someone else put this blob together meanwhile; blocks that were waiting are gone then.
        GENEVACTL_CHECK(send_missing(service, blob, blocks, what));
        GENEVACTL_TRY(response, put_together(service, blob, blocks, what));
    }
    return service.expect(response, 201, what);
}

}  // namespace genevactl::storage
