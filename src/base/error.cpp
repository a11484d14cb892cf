// SPDX-License-Identifier: Apache-2.0
#include "genevactl/base/error.hpp"

namespace genevactl::base {

const std::vector<ExitCodeRow>& exit_code_table() {
    static const std::vector<ExitCodeRow> k_table = {
        {ErrorKind::failed, 1, "failed", "the request was understood and could not be carried out"},
        {ErrorKind::usage, 2, "usage", "wrong arguments or configuration; nothing was sent"},
        {ErrorKind::changes_pending, 3, "changes_pending",
         "there are differences, and the command was to tell so by its exit code"},
        {ErrorKind::unauthenticated, 4, "unauthenticated",
         "no key, or one that the deployment does not know"},
        {ErrorKind::permission, 4, "permission", "the key is known and may not do this"},
        {ErrorKind::not_found, 5, "not_found",
         "a table, column, view, job, manifest or file that is not there"},
        {ErrorKind::conflict, 6, "conflict", "something else holds or contradicts what was asked"},
        {ErrorKind::unreachable, 7, "unreachable",
         "no connection to the deployment, or it broke, after all retries"},
        {ErrorKind::throttled, 7, "throttled",
         "the deployment asked to slow down, after all retries"},
        {ErrorKind::wait_timed_out, 8, "wait_timed_out", "waiting ended, the job goes on"},
        {ErrorKind::refused, 9, "refused", "refused by policy: a secret, an unsafe URL"},
        {ErrorKind::job_failed, 10, "job_failed", "the job ended FAILED"},
        {ErrorKind::job_cancelled, 11, "job_cancelled", "the job ended CANCELLED"},
        {ErrorKind::contact_lost, 12, "contact_lost", "contact lost, the job's state is unknown"},
        {ErrorKind::internal, 70, "internal", "a bug in genevactl"},
        {ErrorKind::interrupted, 130, "interrupted", "ended by SIGINT (Ctrl-C)"},
        {ErrorKind::terminated, 143, "terminated", "ended by SIGTERM"},
    };
    return k_table;
}

namespace {

const ExitCodeRow& row_of(ErrorKind kind) {
    const auto& table = exit_code_table();
    for (const auto& row : table) {
        if (row.kind == kind) {
            return row;
        }
    }
    return table.front();  // not reached: a test looks up every kind
}

}  // namespace

int exit_code_of(ErrorKind kind) {
    return row_of(kind).code;
}

std::string_view name_of(ErrorKind kind) {
    return row_of(kind).name;
}

tl::unexpected<Error> fail(ErrorKind kind, std::string message, std::string hint) {
    return tl::unexpected<Error>(
        Error{.kind = kind, .message = std::move(message), .hint = std::move(hint)});
}

}  // namespace genevactl::base
