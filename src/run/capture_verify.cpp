// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "archive_places.hpp"
#include "capture_steps.hpp"
#include "genevactl/base/parallel.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/capture/verify.hpp"
#include "inputs.hpp"
#include "throttled.hpp"

namespace genevactl::run {

using base::ErrorKind;

namespace {

enum class ArchiveState : std::uint8_t { ok, missing, broken };

std::string_view state_name(ArchiveState state) {
    constexpr std::array<std::string_view, 3> k_names{"ok", "missing", "broken"};
    return k_names.at(static_cast<std::size_t>(state));
}

/// An archive of the manifest, and what was found.
struct Checked {
    std::string uri;
    Place place;
    std::size_t list = 0;
    std::vector<std::string> rest = {};  ///< of a first archive: the names of the list's others
    bool is_first = false;
    ArchiveState state = ArchiveState::ok;
    std::string why = {};
    std::uint64_t bytes = 0;
    std::optional<capture::ArchiveContent> content = {};  ///< --deep
    bool named_by_content = false;                        ///< --deep: and that was compared
};

std::string name_of_file(const std::string& uri) {
    return uri.substr(uri.rfind('/') + 1);
}

/// Every archive once: lists may share one.
base::Result<std::vector<Checked>> archives_of(const model::Manifest& manifest,
                                               ArchivePlaces& places) {
    std::vector<Checked> archives;
    std::set<std::string> seen;
    for (std::size_t list = 0; list < manifest.zips.size(); ++list) {
        const auto& uris = manifest.zips[list];
        for (std::size_t i = 0; i < uris.size(); ++i) {
            if (!seen.insert(uris[i]).second) {
                continue;
            }
            GENEVACTL_TRY(auto place, places.of(uris[i]));
            archives.push_back(
                {.uri = uris[i], .place = std::move(place), .list = list, .is_first = i == 0});
            if (i == 0) {
                std::ranges::transform(uris.begin() + 1, uris.end(),
                                       std::back_inserter(archives.back().rest), name_of_file);
            }
        }
    }
    return archives;
}

void mark(Checked& archive, ArchiveState state, std::string why) {
    archive.state = state;
    archive.why = std::move(why);
}

base::Status check_archive(Session& session, Checked& archive, bool deep, Throttled& progress) {
    const capture::ReadAt read = [&archive](std::uint64_t offset, std::uint64_t length) {
        return archive.place.store->read(archive.place.key, offset, length);
    };
    GENEVACTL_TRY(const auto size, archive.place.store->size_of(archive.place.key));
    if (!size) {
        mark(archive, ArchiveState::missing, "it is not there");
        return {};
    }
    archive.bytes = *size;
    GENEVACTL_TRY(const auto end, capture::check_end(*size, read));
    if (!end) {
        mark(archive, ArchiveState::broken, end.error());
        return {};
    }
    if (deep) {
        GENEVACTL_TRY(auto content,
                      capture::read_archive(*size, read, *session.surroundings().interrupt,
                                            [&](std::uint64_t bytes) { progress.add(bytes); }));
        if (content) {
            archive.content = std::move(*content);
        } else {
            mark(archive, ArchiveState::broken, content.error());
        }
    }
    return {};
}

/// Compares what was read with the names. A list without a head was made by another client, whose
/// names tell nothing of the content.
void compare_names(std::vector<Checked>& archives) {
    std::set<std::size_t> ours;
    for (const auto& archive : archives) {
        if (archive.is_first && archive.content && archive.content->head) {
            ours.insert(archive.list);
        }
    }
    for (auto& archive : archives) {
        if (!archive.content || !ours.contains(archive.list)) {
            continue;
        }
        archive.named_by_content = true;
        const auto right =
            capture::check_content(*archive.content, archive.place.key, archive.rest);
        if (!right) {
            mark(archive, ArchiveState::broken, right.error());
        }
    }
}

/// The largest --deep reads come from as many threads as there are processors; asking an object
/// store is waiting, so that more ask at once.
unsigned askers(const std::vector<Checked>& archives, const CaptureVerify& request) {
    constexpr unsigned k_waiting = 16;
    const bool is_remote = std::ranges::any_of(
        archives, [](const Checked& archive) { return archive.place.store->is_remote(); });
    return is_remote && !request.jobs ? k_waiting : threads_of(request.jobs);
}

Json json_of(const Checked& archive, bool deep) {
    auto json = Json::object();
    json["uri"] = archive.uri;
    json["list"] = archive.list;
    json["state"] = state_name(archive.state);
    json["why"] = archive.why.empty() ? Json(nullptr) : Json(archive.why);
    json["bytes"] = archive.state == ArchiveState::missing ? Json(nullptr) : Json(archive.bytes);
    json["content_compared"] = deep ? Json(archive.named_by_content) : Json(nullptr);
    return json;
}

struct VerifyTally {
    long long missing = 0;
    long long broken = 0;
    long long not_compared = 0;
    std::uint64_t bytes = 0;
};

VerifyTally tally_of(const std::vector<Checked>& archives) {
    VerifyTally tally;
    for (const auto& archive : archives) {
        tally.missing += archive.state == ArchiveState::missing ? 1 : 0;
        tally.broken += archive.state == ArchiveState::broken ? 1 : 0;
        tally.not_compared += archive.content && !archive.named_by_content ? 1 : 0;
        tally.bytes += archive.bytes;
    }
    return tally;
}

std::string verdict_of(const model::Manifest& manifest, std::size_t count, const VerifyTally& tally,
                       bool deep) {
    const auto what =
        fmt::format("{}: {}, {}", manifest.name,
                    base::plural(static_cast<long long>(count), "archive"), megabytes(tally.bytes));
    if (count == 0) {
        return manifest.name + " has no archives";
    }
    if (tally.missing == 0 && tally.broken == 0) {
        return fmt::format("{}: {}", what,
                           deep ? "all there, every content right" : "all there and whole");
    }
    return fmt::format("{}: {} missing, {} broken", what, tally.missing, tally.broken);
}

model::Outcome verify_outcome(const model::Manifest& manifest, const std::vector<Checked>& archives,
                              bool deep) {
    const auto tally = tally_of(archives);
    auto document = versioned();
    document["name"] = manifest.name;
    document["checksum"] = manifest.checksum;
    document["deep"] = deep;
    document["ok"] = tally.missing == 0 && tally.broken == 0;
    document["missing"] = tally.missing;
    document["broken"] = tally.broken;
    document["bytes"] = tally.bytes;
    document["archives"] = Json::array();
    model::Outcome outcome;
    model::Table table{.headings = {"ARCHIVE", "STATE", "WHY"}};
    for (const auto& archive : archives) {
        document["archives"].push_back(json_of(archive, deep));
        if (archive.state != ArchiveState::ok) {
            outcome.names.push_back(archive.uri);
            table.rows.push_back({{archive.uri},
                                  {std::string(state_name(archive.state)), model::Tone::bad},
                                  {archive.why}});
        }
    }
    outcome.document = dump(document);
    if (!table.rows.empty()) {
        outcome.blocks.emplace_back(std::move(table));
    }
    outcome.blocks.emplace_back(model::Text{{verdict_of(manifest, archives.size(), tally, deep)}});
    if (tally.broken > 0) {
        outcome.ended = ErrorKind::failed;
    } else if (tally.missing > 0) {
        outcome.ended = ErrorKind::not_found;
    }
    return outcome;
}

void say_what_to_do(Session& session, const std::vector<Checked>& archives) {
    const auto tally = tally_of(archives);
    if (tally.broken > 0) {
        session.reporter().warn(
            "a broken archive passes for whole to the next capture, which goes by its name",
            "remove it, then run `genevactl capture create` again");
    } else if (tally.missing > 0) {
        session.reporter().note("genevactl capture create writes what is missing again");
    }
    if (tally.not_compared > 0) {
        session.reporter().note(
            fmt::format("{} of a list that genevactl did not write: checksums are right, the "
                        "name says nothing of the content",
                        base::plural(tally.not_compared, "archive")));
    }
}

}  // namespace

Answer capture_verify(Session& session, const CaptureVerify& request) {
    GENEVACTL_TRY(const auto read, read_manifest(session, request.file));
    ArchivePlaces places(session);
    GENEVACTL_TRY(auto archives, archives_of(read.manifest, places));
    {
        Throttled progress(session, "verifying");
        GENEVACTL_CHECK(base::for_each_in_parallel(
            archives.size(), askers(archives, request), *session.surroundings().interrupt,
            [&](std::size_t i) {
                return check_archive(session, archives[i], request.deep, progress);
            }));
    }
    compare_names(archives);
    say_what_to_do(session, archives);
    return verify_outcome(read.manifest, archives, request.deep);
}

}  // namespace genevactl::run
