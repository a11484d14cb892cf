// SPDX-License-Identifier: Apache-2.0
// The system table __system/geneva_errors. A row's address is fragment_id << 32 | offset in the
// table version that the job read (observed of geneva 0.17, column row_address). A row that was
// tried several times has several records; a batch or a job that failed as a whole has one without
// an address.
#include "genevactl/namespace/failed_rows.hpp"

#include <algorithm>

#include "api_errors.hpp"
#include "api_json.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/namespace/row_error_pages.hpp"
#include "job_rows.hpp"
#include "requests.hpp"

namespace genevactl::ns {

namespace {

constexpr std::int64_t k_page = 4000;  // failures asked for at once

const model::ObjectId& errors_table() {
    static const model::ObjectId id{{"__system", "geneva_errors"}};
    return id;
}

model::RowError error_from_row(const Rows& rows, std::int64_t row, const std::string& job_id) {
    const auto text = [&](std::string_view name) { return rows.text(name, row).value_or(""); };
    return {job_id,
            text("table_name"),
            text("column_name"),
            text("error_type"),
            text("error_message"),
            rows.integer("row_address", row),
            text("error_trace"),
            rows.time("timestamp", row),
            rows.integer("attempt", row)};
}

/// What is read of a failure, as geneva 0.17 names it.
const std::vector<std::string>& error_columns() {
    static const std::vector<std::string> names = {"table_name",    "column_name", "error_type",
                                                   "error_message", "error_trace", "row_address",
                                                   "timestamp",     "attempt"};
    return names;
}

void add(FailedRows& failed, const Rows& rows, const std::string& job_id, std::size_t shown) {
    for (std::int64_t row = 0; row < rows.size(); ++row) {
        const auto address = rows.integer("row_address", row);
        auto& some = address ? failed.shown : failed.without_row;
        if (some.size() < shown) some.push_back(error_from_row(rows, row, job_id));
        if (address) {
            failed.addresses.push_back(*address);
        } else {
            ++failed.without_row_count;
        }
    }
}

}  // namespace

base::Result<std::vector<model::RowError>> Client::row_errors(const std::string& job_id,
                                                              std::int64_t limit) {
    std::vector<model::RowError> errors;
    if (limit < 1) return errors;
    // The few that every version has: the table is not looked at first.
    const Query wanted{.columns = {"table_name", "column_name", "error_type", "error_message",
                                   "error_trace", "row_address"},
                       .filter = "job_id = " + sql_text(job_id),
                       .limit = limit};
    const auto rows = query(errors_table(), wanted);
    if (!rows) {
        if (is_missing_table(rows.error())) return errors;
        return base::fail(base::Error(rows.error()));
    }
    for (std::int64_t row = 0; row < rows->size(); ++row) {
        errors.push_back(error_from_row(*rows, row, job_id));
    }
    return errors;
}

base::Result<RowErrorPages> RowErrorPages::open(Client& client, std::string job_id,
                                                std::int64_t page) {
    RowErrorPages pages(client, std::move(job_id));
    pages.m_page = page;
    const auto table = client.describe_table(errors_table());
    if (!table) {
        if (!is_missing_table(table.error())) return base::fail(base::Error(table.error()));
    } else {
        pages.m_columns = error_columns();
        std::erase_if(pages.m_columns,
                      [&](const auto& name) { return table->schema.find(name) == nullptr; });
        if (table->version > 0) pages.m_version = table->version;
    }
    pages.m_over = pages.m_columns.empty();
    return pages;
}

base::Result<std::vector<model::RowError>> RowErrorPages::next() {
    std::vector<model::RowError> errors;
    if (m_over) return errors;
    Query page{.columns = m_columns, .filter = "job_id = " + sql_text(m_job_id), .limit = m_page};
    page.version = m_version;
    page.offset = m_offset;
    GENEVACTL_TRY(const auto rows, m_client->query(errors_table(), page));
    for (std::int64_t row = 0; row < rows.size(); ++row) {
        errors.push_back(error_from_row(rows, row, m_job_id));
    }
    m_offset += rows.size();
    m_over = rows.size() < m_page;
    return errors;
}

base::Result<FailedRows> failed_rows(Client& client, const std::string& job_id, std::size_t shown) {
    FailedRows failed;
    const auto table = client.describe_table(errors_table());
    if (!table) {
        if (is_missing_table(table.error())) return failed;
        return base::fail(base::Error(table.error()));
    }
    if (table->schema.find("row_address") == nullptr) return failed;  // nothing written yet
    Query page{.columns = {"row_address", "error_type", "error_message"},
               .filter = "job_id = " + sql_text(job_id),
               .limit = k_page};
    if (table->version > 0) page.version = table->version;
    while (true) {
        GENEVACTL_TRY(const auto rows, client.query(errors_table(), page));
        add(failed, rows, job_id, shown);
        if (rows.size() < k_page) break;
        page.offset += rows.size();
    }
    std::ranges::sort(failed.addresses);
    const auto repeated = std::ranges::unique(failed.addresses);
    failed.addresses.erase(repeated.begin(), repeated.end());
    return failed;
}

}  // namespace genevactl::ns
