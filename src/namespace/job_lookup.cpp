// SPDX-License-Identifier: Apache-2.0
#include "genevactl/namespace/job_lookup.hpp"

#include <algorithm>

#include "api_errors.hpp"
#include "genevactl/base/try.hpp"
#include "job_rows.hpp"

namespace genevactl::ns {

namespace {

constexpr std::size_t k_ids_at_once = 100;
constexpr std::int64_t k_copies = 4;  // of a record, at most (see add)

/// A retried insert of the Python client may leave two records: the one that went further counts.
void add(std::vector<model::JobRecord>& found, model::JobRecord job) {
    const auto same = std::ranges::find(found, job.id, &model::JobRecord::id);
    if (same == found.end()) {
        found.push_back(std::move(job));
    } else if (job.updated_at > same->updated_at) {
        *same = std::move(job);
    }
}

}  // namespace

base::Result<std::vector<model::JobRecord>> find_jobs(Client& client,
                                                      const std::vector<std::string>& ids) {
    std::vector<model::JobRecord> found;
    for (std::size_t first = 0; first < ids.size(); first += k_ids_at_once) {
        const auto count = std::min(k_ids_at_once, ids.size() - first);
        const auto begin = ids.begin() + static_cast<std::ptrdiff_t>(first);
        JobFilter filter;
        filter.ids.assign(begin, begin + static_cast<std::ptrdiff_t>(count));
        Query wanted;
        wanted.filter = sql_filter(filter);
        wanted.limit = std::max<std::int64_t>(10, static_cast<std::int64_t>(count) * k_copies);
        const auto rows = client.query(jobs_table(), wanted);
        if (!rows) {
            if (is_missing_table(rows.error())) return found;
            return base::fail(base::Error(rows.error()));
        }
        const JobReader reader(*rows);
        for (std::int64_t row = 0; row < rows->size(); ++row) {
            add(found, reader.record(row));
        }
    }
    return found;
}

base::Result<std::optional<model::JobRecord>> Client::find_job(const std::string& id) {
    GENEVACTL_TRY(auto found, find_jobs(*this, {id}));
    std::optional<model::JobRecord> only;
    if (!found.empty()) only = std::move(found.front());
    return only;
}

}  // namespace genevactl::ns
