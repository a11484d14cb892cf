// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <numeric>
#include <set>

#include <fmt/format.h>

#include "archive_places.hpp"
#include "capture_steps.hpp"
#include "genevactl/base/digest.hpp"
#include "genevactl/base/files.hpp"
#include "genevactl/base/parallel.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/storage/open.hpp"
#include "inputs.hpp"
#include "throttled.hpp"

namespace genevactl::run {

namespace fs = std::filesystem;
using base::ErrorKind;

namespace {

/// Removes a packed file that the store did not take.
class Packed {
public:
    explicit Packed(fs::path path) : m_path(std::move(path)) {}
    Packed(const Packed&) = delete;
    Packed& operator=(const Packed&) = delete;
    ~Packed() {
        std::error_code ignored;
        fs::remove(m_path, ignored);
    }
    const fs::path& path() const { return m_path; }

private:
    fs::path m_path;
};

base::Result<std::unique_ptr<storage::Store>> folder_place(const Session& session,
                                                           const CaptureCreate& request) {
    if (!request.output_dir) {
        return base::fail(ErrorKind::usage, "--no-upload needs --output-dir DIR",
                          "the archives are written to DIR/_geneva_uploads");
    }
    const auto folder =
        from_working_directory(session, *request.output_dir).lexically_normal() / k_uploads;
    return storage::folder_store(folder, storage::file_uri(folder));
}

base::Result<std::unique_ptr<storage::Store>> opened(Session& session, ns::Client& owner,
                                                     ns::UploadPlace place) {
    const auto vend = [client = &owner]() -> base::Result<storage::StoreOptions> {
        GENEVACTL_TRY(auto again, client->upload_place());
        return storage::StoreOptions(std::move(again.storage_options));
    };
    const auto& surroundings = session.surroundings();
    return storage::open_store(fmt::format("{}/{}", place.location, k_uploads),
                               storage::StoreOptions(std::move(place.storage_options)), vend,
                               {.transport = session.transport(),
                                .clock = *surroundings.clock,
                                .interrupt = *surroundings.interrupt,
                                .state = surroundings.state_home() / "uploads",
                                .stall = session.settings().request_timeout.value});
}

}  // namespace

base::Result<std::unique_ptr<storage::Store>> upload_place(Session& session,
                                                           const CaptureCreate& request) {
    if (request.no_upload) {
        return folder_place(session, request);
    }
    if (request.output_dir) {
        return base::fail(ErrorKind::usage, "--output-dir is for --no-upload");
    }
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_TRY(auto place, client->upload_place());
    return opened(session, *client, std::move(place));
}

base::Result<std::unique_ptr<storage::Store>> known_upload_place(Session& session,
                                                                 const CaptureCreate& request) {
    if (request.no_upload) {
        return folder_place(session, request);
    }
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_TRY(auto place, client->find_upload_place());
    if (!place) {
        return nullptr;
    }
    return opened(session, *client, std::move(*place));
}

base::Result<std::vector<Archive>> look_up(Session& session, storage::Store& store,
                                           const capture::Contents& contents, unsigned threads) {
    std::vector<Archive> archives;
    std::set<std::string> seen;
    const auto add = [&](Archive archive) {
        if (seen.insert(archive.key).second) {
            archives.push_back(std::move(archive));
        }
    };
    for (const auto& list : contents.lists) {
        for (const auto& shard : list.shards) {
            add({.key = shard.file_name(), .list = &list, .shard = &shard});
        }
        add({.key = list.head_file_name(), .list = &list});
    }
    // The largest first: the threads end together.
    std::ranges::stable_sort(archives, std::ranges::greater(), [](const Archive& archive) {
        return archive.shard != nullptr ? archive.shard->bytes : 0;
    });
    // Questions to a server are waited for, not worked at.
    constexpr unsigned k_questions = 16;
    const auto asked = store.is_remote() ? std::max(threads, k_questions) : threads;
    GENEVACTL_CHECK(base::for_each_in_parallel(
        archives.size(), asked, *session.surroundings().interrupt,
        [&](std::size_t i) -> base::Status {
            GENEVACTL_TRY(const auto size, store.size_of(archives[i].key));
            archives[i].is_there = size.has_value();
            return {};
        }));
    return archives;
}

base::Result<Sent> send(Session& session, storage::Store& store,
                        const std::vector<Archive>& archives, capture::Level level,
                        unsigned threads) {
    const auto& interrupt = *session.surroundings().interrupt;
    std::vector<const Archive*> shards;
    std::vector<const Archive*> heads;
    std::uint64_t total = 0;
    for (const auto& archive : archives) {
        if (!archive.is_there) {
            (archive.shard != nullptr ? shards : heads).push_back(&archive);
            total += archive.shard != nullptr ? archive.shard->bytes : 0;
        }
    }
    // Few archives leave threads over: these help with the large files of one.
    const auto helpers =
        threads / static_cast<unsigned>(std::clamp<std::size_t>(shards.size(), 1, threads));
    const auto staging = store.staging();
    const capture::Packing packing{
        .level = level, .threads = helpers, .stays = staging.has_value()};
    GENEVACTL_TRY(const auto temporary, base::TemporaryDirectory::create("genevactl-capture-"));
    Throttled progress(session, store.is_remote() ? "packing and sending" : "packing", total);
    std::atomic<std::uint64_t> sent = 0;
    const auto put = [&](const Archive& archive) -> base::Status {
        const Packed packed(staging.value_or(temporary.path()) /
                            fmt::format(".{}.{}.new", archive.key, base::random_hex(4)));
        GENEVACTL_TRY(const auto size,
                      archive.shard != nullptr
                          ? capture::pack(*archive.shard, packed.path(), packing, interrupt,
                                          [&](std::uint64_t bytes) { progress.add(bytes); })
                          : capture::pack_head(*archive.list, packed.path()));
        sent += size;
        return store.put(archive.key, packed.path());
    };
    // A head says that its shards are there: it comes when they are.
    for (const auto* part : {&shards, &heads}) {
        GENEVACTL_CHECK(base::for_each_in_parallel(
            part->size(), threads, interrupt, [&](std::size_t i) { return put(*(*part)[i]); }));
    }
    return Sent{.archives = shards.size() + heads.size(), .bytes = sent};
}

}  // namespace genevactl::run
