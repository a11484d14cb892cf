// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "documents.hpp"
#include "genevactl/capture/capture.hpp"
#include "genevactl/capture/pack.hpp"
#include "genevactl/manifest/pip.hpp"
#include "genevactl/run/capture.hpp"
#include "genevactl/storage/store.hpp"

/// The steps that the verbs of `capture` share.
namespace genevactl::run {

/// What the request means on this machine: folders found, the interpreter asked.
base::Result<capture::Sources> gather(Session& session, const CaptureSources& request);

/// Walks and reads, with progress. To show what is left out it need not find anything; `wanted` as
/// in capture::Means.
enum class For : std::uint8_t { capturing, showing };
base::Result<capture::Contents> examine(Session& session, const capture::Sources& sources,
                                        const std::optional<unsigned>& jobs,
                                        For purpose = For::capturing,
                                        std::function<bool(const capture::File&)> wanted = {});

/// Where the archives go: the folder of --no-upload, or the upload place of the deployment.
base::Result<std::unique_ptr<storage::Store>> upload_place(Session& session,
                                                           const CaptureCreate& request);

/// The same without making anything on the deployment: nothing if it has no such place yet.
base::Result<std::unique_ptr<storage::Store>> known_upload_place(Session& session,
                                                                 const CaptureCreate& request);

/// One archive that is to be there.
struct Archive {
    std::string key;
    const capture::ShardList* list = nullptr;
    const capture::Shard* shard = nullptr;  ///< null for the head
    bool is_there = false;
};
/// Every archive of the lists, once, and whether the store has it.
base::Result<std::vector<Archive>> look_up(Session& session, storage::Store& store,
                                           const capture::Contents& contents, unsigned threads);

struct Sent {
    std::size_t archives = 0;
    std::uint64_t bytes = 0;  ///< of archives
};
/// Packs and puts what is not there, the shards before the heads.
base::Result<Sent> send(Session& session, storage::Store& store,
                        const std::vector<Archive>& archives, capture::Level level,
                        unsigned threads);

/// Where archives would lie on a deployment that has no place for them yet.
inline constexpr const char* k_unknown_place = "unknown:";

/// Are the archives that are missing sent, or only counted?
enum class Upload : std::uint8_t { no, yes };

/// A capture: its manifest, which is the same whether anything was sent or not.
struct Captured {
    manifest::Built manifest = {};
    std::size_t files = 0;
    std::uint64_t bytes = 0;     ///< of the files
    std::size_t archives = 0;    ///< of the manifest
    std::size_t missing = 0;     ///< archives that the deployment did not have
    std::uint64_t to_send = 0;   ///< the bytes of the files in them
    bool place_is_known = true;  ///< false: see take_capture()
    std::uint64_t sent = 0;      ///< the bytes of what was sent
};
/// Examines what the request names, looks up what the deployment has, and with Upload::yes sends
/// the rest. Before the first capture a deployment has no place for archives: with Upload::no their
/// URIs then begin with k_unknown_place, and the manifest differs in them. `options` are the
/// manifest's apart from its archives; without a name it is named by its content. Errors as
/// capture_create().
base::Result<Captured> take_capture(Session& session, const CaptureCreate& request,
                                    manifest::PipOptions options, Upload upload);

unsigned threads_of(const std::optional<unsigned>& jobs);

/// "12.3 MB" (powers of ten).
std::string megabytes(std::uint64_t bytes);

/// The JSON and the blocks of `capture plan`.
model::Outcome plan_outcome(const capture::Contents& contents, const std::vector<Archive>& archives,
                            bool knows_place);

}  // namespace genevactl::run
