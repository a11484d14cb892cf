// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "documents.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/run/jobs.hpp"
#include "last_jobs.hpp"
#include "live_job.hpp"
#include "wait.hpp"

namespace genevactl::run {

using base::ErrorKind;

Answer job_show(Session& session, const JobIds& request) {
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_TRY(auto record, existing_job(*client, request.ids.front()));
    const auto document = to_json(record);
    return outcome_of(document, record.id, {properties_of(record)});
}

Answer job_wait(Session& session, const JobIds& request) {
    auto ids = request.ids;
    if (ids.empty()) {
        GENEVACTL_TRY(ids, last_jobs(session));
        session.reporter().note(fmt::format("following the last {} of this directory: {}",
                                            ids.size() == 1 ? "job" : "jobs",
                                            base::join(ids, ", ")));
    }
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_TRY(auto waited, wait_for_jobs(session, *client, ids, request.waiting));
    return outcome_of(waited);
}

namespace {

/// Of several jobs: which were cancelled, which were not and why.
class Cancellations {
public:
    void add(const std::string& id, const base::Status& cancelled) {
        auto item = versioned();
        item["job_id"] = id;
        if (cancelled) {
            const std::string status(model::name_of(model::JobStatus::cancelled));
            item["status"] = status;
            item["error"] = nullptr;
            m_rows.rows.push_back({{id}, {status, model::Tone::caution}, {""}});
        } else {
            const auto& error = cancelled.error();
            item["status"] = nullptr;
            item["error"] = {{"kind", base::name_of(error.kind)},
                             {"message", error.message},
                             {"hint", error.hint}};
            // The deployment's own words end with what it calls the state.
            const auto why =
                error.detail.empty() ? error.message : error.message + ": " + error.detail;
            m_rows.rows.push_back({{id}, {"not cancelled", model::Tone::bad}, {why}});
            m_first_failure = m_first_failure.value_or(error.kind);
        }
        m_names.push_back(id);
        m_items.push_back(std::move(item));
    }
    model::Outcome outcome() {
        if (!m_first_failure) {  // the column would be empty
            m_rows.headings.pop_back();
            for (auto& row : m_rows.rows)
                row.pop_back();
        }
        auto outcome = list_outcome(m_items, std::move(m_names), std::move(m_rows));
        outcome.ended = m_first_failure;
        return outcome;
    }

private:
    std::vector<Json> m_items = {};
    std::vector<std::string> m_names = {};
    model::Table m_rows{.headings = {"JOB", "STATUS", "WHY"}};
    std::optional<ErrorKind> m_first_failure = {};
};

bool is_signal(const base::Error& error) {
    return error.kind == ErrorKind::interrupted || error.kind == ErrorKind::terminated;
}

}  // namespace

Answer job_cancel(Session& session, const JobIds& request) {
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_TRY(const auto capabilities, client->capabilities());
    if (!capabilities.has("cancel")) {
        return base::fail(
            ErrorKind::failed, "this deployment has no way to cancel a job through its public API",
            "ask its operator to stop the job; a job that is not needed any more changes nothing "
            "but its own column");
    }
    Cancellations cancellations;
    for (std::size_t i = 0; i < request.ids.size(); ++i) {
        const auto cancelled = client->cancel_job(request.ids[i]);
        if (!cancelled && (request.ids.size() == 1 || is_signal(cancelled.error()))) {
            auto error = cancelled.error();
            if (i > 0) {
                error.hint = fmt::format("cancelled so far: {}",
                                         base::join(std::span(request.ids).first(i), ", "));
            }
            return base::fail(std::move(error));
        }
        cancellations.add(request.ids[i], cancelled);
    }
    return cancellations.outcome();
}

}  // namespace genevactl::run
