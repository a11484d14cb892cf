// SPDX-License-Identifier: Apache-2.0
#include "coverage.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "genevactl/model/filter_mark.hpp"

namespace genevactl::plan {

namespace {

using model::JobRecord;
using model::JobStatus;

constexpr std::string_view k_every_row = "1=1";

bool is_of(const JobRecord& job, const std::vector<std::string>& columns) {
    if (columns.empty()) {
        return job.is_refresh();
    }
    const auto meant = [&](const std::string& column) {
        return std::ranges::find(columns, column) != columns.end();
    };
    return !job.is_refresh() &&
           (meant(job.column) || std::ranges::any_of(job.output_columns, meant));
}

/// Does a job belong to the present snapshot? By its launch, where genevactl registered; else only
/// the manifest that it ran with can tell.
bool is_of_snapshot(const JobRecord& job, const Snapshot& snapshot) {
    if (snapshot.registration) {
        const auto& last = snapshot.registration->last_job;
        return !last || (job.launched_at && *job.launched_at > *last);
    }
    return !snapshot.manifest || job.manifest_checksum.empty() ||
           job.manifest_checksum == snapshot.manifest->checksum;
}

/// What a record tells of the rows that were asked for. Only a deployment that writes the
/// parameters down tells them.
struct Asked {
    bool known = false;
    bool with_other_manifest = false;  ///< an override, for that job only
    std::optional<std::string> where = {};
};

Asked asked_of(const JobRecord& job) {
    const auto config = nlohmann::json::parse(job.config, nullptr, false);
    Asked asked{.known = config.is_object() && !config.empty()};
    if (asked.known) {
        const auto where = config.value("where", nlohmann::json());
        if (where.is_string()) {
            asked.where = model::without_filter_mark(where.get_ref<const std::string&>());
        }
        asked.with_other_manifest = !config.value("manifest", nlohmann::json()).is_null();
    }
    return asked;
}

bool does(const Asked& asked, const Snapshot& snapshot) {
    if (asked.with_other_manifest) {
        return false;
    }
    if (!asked.known || snapshot.columns.empty() || asked.where == k_every_row) {
        return true;
    }
    if (snapshot.where) {
        return asked.where == *snapshot.where || asked.where == "(" + *snapshot.where + ")";
    }
    return !asked.where && !snapshot.has_old_values();
}

std::string doubt_of(const JobRecord& job, const Asked& asked, const Snapshot& snapshot) {
    if (!snapshot.registration) {
        return fmt::format("the registration tells no time; job {} {}", job.id,
                           snapshot.manifest && job.manifest_checksum == snapshot.manifest->checksum
                               ? "ran with the same manifest"
                               : "is DONE");
    }
    if (!asked.known && (snapshot.where || snapshot.has_old_values())) {
        return fmt::format("the record of job {} does not tell its rows", job.id);
    }
    return {};
}

}  // namespace

Coverage coverage_of(const std::vector<JobRecord>& jobs, const Snapshot& snapshot) {
    Coverage coverage;
    const auto first = [](const JobRecord*& slot, const JobRecord& job) {
        if (slot == nullptr) slot = &job;
    };
    for (const auto& job : jobs) {
        if (!is_of(job, snapshot.columns)) {
            continue;
        }
        const auto asked = asked_of(job);
        const bool counts = is_of_snapshot(job, snapshot) && does(asked, snapshot);
        if (job.status == JobStatus::pending || job.status == JobStatus::running) {
            first(counts ? coverage.live : coverage.other, job);
        } else if (job.status == JobStatus::done) {
            if (counts && coverage.done == nullptr) {
                coverage.doubt = doubt_of(job, asked, snapshot);
            }
            if (counts) first(coverage.done, job);
        } else if (is_of_snapshot(job, snapshot)) {
            first(coverage.ended, job);
        }
    }
    return coverage;
}

std::optional<std::string> due_reason(const Coverage& coverage, const Snapshot& snapshot) {
    if (coverage.done != nullptr) {
        return std::nullopt;
    }
    if (coverage.live != nullptr) {
        return fmt::format("job {} is {}", coverage.live->id,
                           model::name_of(coverage.live->status));
    }
    const auto* what = snapshot.has_old_values()
                           ? "no DONE job has computed its values anew since it was re-pointed"
                           : "no DONE job for its present snapshot";
    if (coverage.ended != nullptr) {
        return fmt::format("{} (job {} ended {})", what, coverage.ended->id,
                           model::name_of(coverage.ended->status));
    }
    return what;
}

}  // namespace genevactl::plan
