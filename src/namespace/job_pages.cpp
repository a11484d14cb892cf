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

std::vector<std::string> of_detail(std::vector<std::string> columns, JobDetail detail) {
    std::erase_if(columns, [detail](const auto& column) {
        return column == "metrics" || column == "events" ||
               (column == "config" && detail == JobDetail::listing);
    });
    return columns;
}

/// May the deployment have refused a query because its table has other columns? It says so in its
/// own words, and not always with the code for it.
bool may_lack_columns(const base::Error& error) {
    return error.api_code &&
           (error.kind == base::ErrorKind::not_found || error.kind == base::ErrorKind::failed);
}

}  // namespace

base::Result<JobPages> JobPages::open(Client& client, JobFilter filter, JobDetail detail,
                                      std::optional<std::int64_t> limit, std::size_t page) {
    JobPages pages(client, std::move(filter));
    pages.m_page = std::max<std::size_t>(page, 1);
    constexpr auto k_all = std::numeric_limits<std::int64_t>::max();
    const auto wanted = static_cast<std::size_t>(std::max<std::int64_t>(limit.value_or(k_all), 0));
    // Of a few, all records would be read for nothing.
    if (wanted >= pages.m_page) {
        GENEVACTL_TRY(const bool all, pages.read_at_once(detail));
        if (all) return pages;
    }
    GENEVACTL_CHECK(pages.look(detail, wanted));
    return pages;
}

/// Reads all records by one query, without a look at the table: false if there are more than a page
/// may hold, or if the table is not the one that geneva 0.17 makes.
base::Result<bool> JobPages::read_at_once(JobDetail detail) {
    Query all{.columns = of_detail(readable_job_columns(), detail), .filter = sql_filter(m_filter)};
    all.limit = static_cast<std::int64_t>(m_page) + 1;
    auto rows = m_client->query(jobs_table(), all);
    if (!rows) {
        if (is_missing_table(rows.error())) return true;
        if (may_lack_columns(rows.error())) return false;
        return base::fail(std::move(rows).error());
    }
    if (rows->size() == all.limit) return false;
    m_only = JobPage(*std::move(rows));
    return true;
}

base::Status JobPages::look(JobDetail detail, std::size_t wanted) {
    const auto table = m_client->describe_table(jobs_table());
    if (!table) {
        if (is_missing_table(table.error())) return {};
        return base::fail(base::Error(table.error()));
    }
    const auto columns = readable_job_columns(table->schema);
    if (columns.empty()) return {};  // declared, and nothing written yet
    m_columns = of_detail(columns, detail);
    if (table->version > 0) m_version = table->version;
    GENEVACTL_CHECK(look_at_times());
    m_left = std::min(wanted, m_launched.size());
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
