// SPDX-License-Identifier: Apache-2.0
// The system table __system/geneva_jobs has its records in the order of their last update. Pages by
// offset would therefore have to be kept and sorted; pages by launch time, which never changes,
// come in the order in which they are wanted.
#include "genevactl/namespace/job_pages.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "api_errors.hpp"
#include "genevactl/base/try.hpp"
#include "job_rows.hpp"

namespace genevactl::ns {

namespace {

constexpr const char* k_launched = "launched_at";
constexpr std::int64_t k_times_page = 65'536;  // launch times asked for at once: 0.5 MB

}  // namespace

base::Result<JobPages> JobPages::open(Client& client, JobFilter filter, JobDetail detail,
                                      std::optional<std::int64_t> limit, std::size_t page) {
    JobPages pages(client, std::move(filter));
    pages.m_page = std::max<std::size_t>(page, 1);
    const auto table = client.describe_table(jobs_table());
    if (!table) {
        if (is_missing_table(table.error())) return pages;
        return base::fail(base::Error(table.error()));
    }
    pages.m_columns = readable_job_columns(table->schema);
    if (pages.m_columns.empty()) return pages;  // declared, and nothing written yet
    std::erase_if(pages.m_columns, [&](const auto& column) {
        return column == "metrics" || column == "events" ||
               (column == "config" && detail == JobDetail::listing);
    });
    if (table->version > 0) pages.m_version = table->version;
    pages.m_left = static_cast<std::size_t>(
        std::max<std::int64_t>(limit.value_or(std::numeric_limits<std::int64_t>::max()), 0));
    GENEVACTL_CHECK(pages.look());
    return pages;
}

base::Status JobPages::look() {
    // Of a few, all records would be read for nothing.
    if (m_left < m_page) return look_at_times();
    Query all{.columns = m_columns, .filter = sql_filter(m_filter)};
    all.limit = static_cast<std::int64_t>(m_page) + 1;
    all.version = m_version;
    GENEVACTL_TRY(auto rows, m_client->query(jobs_table(), all));
    if (rows.size() == all.limit) return look_at_times();
    m_only = JobPage(std::move(rows));
    m_left = 0;
    return {};
}

base::Status JobPages::look_at_times() {
    Query times{.columns = {k_launched}, .filter = sql_filter(m_filter), .limit = k_times_page};
    times.version = m_version;
    while (true) {
        GENEVACTL_TRY(const auto rows, m_client->query(jobs_table(), times));
        const auto launched = rows.column(k_launched);
        for (std::int64_t row = 0; row < rows.size(); ++row) {
            // The column is never null; of a table that thinks otherwise the record is left out.
            if (const auto time = launched.time(row)) m_launched.push_back(*time);
        }
        if (rows.size() < k_times_page) break;
        times.offset += rows.size();
    }
    std::ranges::sort(m_launched, std::greater<>());
    m_left = std::min(m_left, m_launched.size());
    return {};
}

/// One past the last launch time of the next page. Equal times stay together: no filter could part
/// them.
std::size_t JobPages::end_of_page() const {
    const auto wanted = std::min({m_next + std::min(m_left, m_page), m_launched.size()});
    if (wanted == m_launched.size()) return wanted;
    const auto time = m_launched[wanted - 1];
    const auto [first, last] = std::ranges::equal_range(m_launched, time, std::greater<>());
    const auto begin = static_cast<std::size_t>(first - m_launched.begin());
    const auto end = static_cast<std::size_t>(last - m_launched.begin());
    return end - m_next > m_page && begin > m_next ? begin : end;
}

base::Result<JobPage> JobPages::next() {
    if (m_only) return *std::exchange(m_only, std::nullopt);
    if (m_left == 0) return JobPage();
    const auto end = end_of_page();
    GENEVACTL_TRY(auto page, read(end));
    page.cut(m_left);
    m_left -= std::min(m_left, end - m_next);
    m_next = end;
    return page;
}

base::Result<JobPage> JobPages::read(std::size_t end) {
    auto filter = m_filter;
    filter.until = m_launched[m_next];
    filter.since = m_launched[end - 1];
    Query page{.columns = m_columns, .filter = sql_filter(filter)};
    page.limit = static_cast<std::int64_t>(end - m_next);
    page.version = m_version;
    GENEVACTL_TRY(auto rows, m_client->query(jobs_table(), page));
    return JobPage(std::move(rows));
}

}  // namespace genevactl::ns
