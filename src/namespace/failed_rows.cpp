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
            text("error_trace")};
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
