// SPDX-License-Identifier: Apache-2.0
// The system table __system/geneva_jobs: the PENDING record that the Python client writes after a
// backfill was accepted. That client writes to the table's storage; here the record goes through
// the API, as a merge on job_id that inserts only, so that a record of the driver's own is never
// touched, however the two race.
#include <fmt/format.h>

#include "api_errors.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/namespace/client.hpp"
#include "job_rows.hpp"
#include "requests.hpp"

namespace genevactl::ns {

base::Status Client::ensure_pending_record(const model::JobRecord& record) {
    const auto what = "record job " + record.id;
    auto pending = record;
    pending.status = model::JobStatus::pending;
    auto table = describe_table(jobs_table());
    if (!table && is_missing_table(table.error())) {
        GENEVACTL_TRY(auto stream, job_stream(pending));
        const auto created =
            send(m_transport,
                 stream_request(m_connection, object_path("table", jobs_table(), "create"),
                                std::move(stream)),
                 what);
        if (created) return {};
        if (created.error().api_code != 5) return base::fail(base::Error(created.error()));
        table = describe_table(jobs_table());  // somebody was faster: the record goes into theirs
    }
    if (!table) return base::fail(std::move(table).error());
    GENEVACTL_TRY(auto stream, table->schema.fields.empty() ? job_stream(pending)
                                                            : job_stream(pending, table->schema));
    const auto merge = object_path("table", jobs_table(), "merge_insert") +
                       "&on=job_id&when_not_matched_insert_all=true";
    const auto merged = send(m_transport, stream_request(m_connection, merge, stream), what);
    if (merged) return {};
    const auto code = merged.error().api_code.value_or(-1);
    if (code != 0) return base::fail(base::Error(merged.error()));
    // A deployment that cannot merge: look first, then insert, once.
    GENEVACTL_TRY(const auto found, find_job(record.id));
    if (found) return {};
    auto request =
        stream_request(m_connection, object_path("table", jobs_table(), "insert") + "&mode=append",
                       std::move(stream));
    request.repeat = transport::Repeat::unaccepted;
    GENEVACTL_CHECK(send(m_transport, request, what));
    return {};
}

}  // namespace genevactl::ns
