// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "archive_places.hpp"
#include "capture_references.hpp"
#include "capture_steps.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/namespace/job_pages.hpp"
#include "inputs.hpp"
#include "live_job.hpp"

namespace genevactl::run {

using base::ErrorKind;

namespace {

constexpr base::Microseconds k_default_age = std::chrono::hours(1);

/// The archives of a deployment by what becomes of them.
struct Sorted {
    std::vector<storage::Object> unused;
    std::size_t used = 0;
    std::size_t young = 0;  ///< a capture may be under way, or not registered yet
    std::uint64_t unused_bytes = 0;
};

Sorted sort_out(std::vector<storage::Object> objects, const References& references,
                base::WallTime now, base::Microseconds age) {
    Sorted sorted;
    for (auto& object : objects) {
        if (!object.key.ends_with(".zip") || object.key.find('/') != std::string::npos) {
            continue;  // no archive of a capture
        }
        if (references.archives.contains(object.key)) {
            ++sorted.used;
        } else if (!object.modified || *object.modified + age > now) {
            ++sorted.young;
        } else {
            sorted.unused_bytes += object.size;
            sorted.unused.push_back(std::move(object));
        }
    }
    return sorted;
}

/// A job may use a manifest that was given to it alone: what its workers still load must stay.
base::Status check_jobs(Session& session, ns::Client& client, const References& references) {
    const ns::JobFilter filter{.statuses = {model::JobStatus::pending, model::JobStatus::running}};
    const auto now = session.surroundings().clock->now();
    GENEVACTL_TRY(auto pages, ns::JobPages::open(client, filter, ns::JobDetail::listing));
    while (true) {
        GENEVACTL_TRY(const auto page, pages.next());
        for (std::size_t i = 0; i < page.size(); ++i) {
            const auto job = page.record(i);
            if (!job.manifest_checksum.empty() &&
                !is_stale(job, now, session.settings().stale_after.value) &&
                !references.checksums.contains(job.manifest_checksum)) {
                return base::fail(
                    ErrorKind::conflict,
                    fmt::format("job {} is {} with a manifest that nothing registered refers to, "
                                "{}: its archives are not known",
                                job.id, model::name_of(job.status),
                                job.manifest_checksum.substr(0, 12)),
                    fmt::format("wait for it with `genevactl job wait {}`, or name the manifest's "
                                "file with --keep",
                                job.id));
            }
        }
        if (page.empty()) {
            return {};
        }
    }
}

base::Status check_default(Session& session, const References& references,
                           const CapturePrune& request) {
    if (references.default_is_known || request.no_default || !request.keep.empty()) {
        return {};
    }
    const std::string message = "the deployment does not tell its default manifest";
    const std::string hint =
        "name the default manifest's file with --keep, or say with --no-default that there is none";
    if (request.yes) {
        return base::fail(ErrorKind::usage, message, hint);
    }
    session.reporter().warn(message, hint);
    return {};
}

base::Status add_kept(Session& session, const CapturePrune& request, References& references) {
    for (const auto& file : request.keep) {
        GENEVACTL_TRY(const auto document, read_manifest(session, file));
        references.add(document.json);
    }
    return {};
}

std::string sentence_of(const Sorted& sorted, const References& references, bool removed) {
    return fmt::format("{} {}, {}; kept: {} that {} or manifests refer to, {} too young to tell",
                       removed ? "removed" : "to remove",
                       base::plural(static_cast<long long>(sorted.unused.size()), "archive"),
                       megabytes(sorted.unused_bytes), sorted.used,
                       base::plural(static_cast<long long>(references.tables), "table"),
                       sorted.young);
}

model::Outcome prune_outcome(const std::string& place, const Sorted& sorted,
                             const References& references, bool removed) {
    auto document = versioned();
    document["location"] = place;
    document["removed"] = removed;
    document["bytes"] = sorted.unused_bytes;
    document["kept_used"] = sorted.used;
    document["kept_young"] = sorted.young;
    document["tables"] = references.tables;
    document["archives"] = Json::array();
    model::Outcome outcome;
    model::Table table{.headings = {"ARCHIVE", "SIZE", "WRITTEN"},
                       .right_aligned = {false, true, false}};
    for (const auto& object : sorted.unused) {
        const auto written = base::rfc3339(*object.modified);
        document["archives"].push_back(
            {{"file", object.key}, {"bytes", object.size}, {"written_at", written}});
        table.rows.push_back({{object.key}, {megabytes(object.size)}, {written}});
        outcome.names.push_back(object.key);
    }
    outcome.document = dump(document);
    if (!table.rows.empty()) {
        outcome.blocks.emplace_back(std::move(table));
    }
    outcome.blocks.emplace_back(model::Text{{sentence_of(sorted, references, removed)}});
    return outcome;
}

}  // namespace

Answer capture_prune(Session& session, const CapturePrune& request) {
    GENEVACTL_TRY(auto store, upload_place(session, {}));
    GENEVACTL_TRY(auto* client, session.client());
    // The archives first: one that comes meanwhile is not looked at.
    GENEVACTL_TRY(auto objects, store->list());
    GENEVACTL_TRY(auto references, references_of(*client));
    GENEVACTL_CHECK(add_kept(session, request, references));
    GENEVACTL_CHECK(check_default(session, references, request));
    const auto sorted =
        sort_out(std::move(objects), references, session.surroundings().clock->now(),
                 request.older_than.value_or(k_default_age));
    if (request.yes) {
        GENEVACTL_CHECK(check_jobs(session, *client, references));
        for (const auto& object : sorted.unused) {
            if (const auto signal = session.surroundings().interrupt->signal(); signal != 0) {
                return base::fail(base::interruption(signal));
            }
            GENEVACTL_CHECK(store->remove(object.key));
        }
    } else if (!sorted.unused.empty()) {
        session.reporter().note("nothing was removed: --yes removes them");
    }
    return prune_outcome(store->uri_of(""), sorted, references, request.yes);
}

}  // namespace genevactl::run
