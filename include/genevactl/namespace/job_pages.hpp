// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/namespace/client.hpp"
#include "genevactl/namespace/job_page.hpp"

namespace genevactl::ns {

/// What is read of each record. Neither has metrics and events: a hundred times as much as the
/// rest.
enum class JobDetail : std::uint8_t {
    listing,     ///< everything but config, metrics and events
    parameters,  ///< and config
};

/// The jobs that pass a filter, newest first, in pages. As many as a page may hold are asked for at
/// once. Where there are more, the query API, which cannot sort, is asked for the launch times
/// alone, which are kept (8 bytes a job), then for the records between two of them, page by page,
/// all at one version of the table. So memory does not grow with the number of records, and a
/// record that is added or updated meanwhile makes none appear twice or not at all.
class JobPages {
public:
    /// A query costs the deployment as much as some thousand records of its answer. So many records
    /// are 4 MB; more of them in a page would be memory without much speed (docs/benchmarks.md).
    static constexpr std::size_t k_page = 16'000;

    /// Looks which jobs there are. `limit`: only the newest so many. No jobs table means no jobs.
    /// `client` outlives the pages.
    static base::Result<JobPages> open(Client& client, JobFilter filter, JobDetail detail,
                                       std::optional<std::int64_t> limit = {},
                                       std::size_t page = k_page);

    /// The next records, no more than a page unless more were launched in one microsecond; none at
    /// the end.
    base::Result<JobPage> next();

private:
    JobPages(Client& client, JobFilter filter) : m_client(&client), m_filter(std::move(filter)) {}

    base::Result<bool> read_at_once(JobDetail detail);
    base::Status look(JobDetail detail, std::size_t wanted);
    base::Status look_at_times();
    std::size_t end_of_page() const;
    base::Result<JobPage> read(std::size_t end);

    Client* m_client;
    JobFilter m_filter;
    std::optional<JobPage> m_only;  ///< all records, if they fit one page; else:
    std::vector<std::string> m_columns;
    std::optional<std::int64_t> m_version;   ///< pinned
    std::vector<base::WallTime> m_launched;  ///< newest first
    std::size_t m_page = k_page;
    std::size_t m_next = 0;
    std::size_t m_left = 0;  ///< records still to be given, but for m_only
};

}  // namespace genevactl::ns
