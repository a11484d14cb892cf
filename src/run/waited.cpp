// SPDX-License-Identifier: Apache-2.0
// What is said of jobs that were waited for.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "advice.hpp"
#include "documents.hpp"
#include "genevactl/base/text.hpp"
#include "wait.hpp"

namespace genevactl::run {

using base::ErrorKind;

namespace {

void append_blocks(model::Outcome& outcome, const Waited& job) {
    outcome.blocks.emplace_back(properties_of(job.record));
    if (!job.why.empty()) {
        outcome.blocks.emplace_back(model::Text{{job.why, model::Tone::caution}});
    }
    if (!job.row_errors.empty()) {
        outcome.blocks.emplace_back(grouped(job.row_errors));
    }
    if (const auto advice = advice_for(job.record); !advice.empty()) {
        outcome.blocks.emplace_back(model::Text{{"try: " + advice, model::Tone::strong}});
    }
    if (const auto skipped = rows_skipped(job.record); skipped > 0) {
        outcome.blocks.emplace_back(model::Text{
            {fmt::format("{} failed and stayed empty: `genevactl backfill --retry-failed {}` "
                         "computes them again",
                         base::plural(skipped, "row"), base::shell_quote(job.record.id)),
             model::Tone::caution}});
    }
}

Json document_of(const Waited& job) {
    auto json = to_json(job.record);
    json["ended"] = job.ended ? Json(base::name_of(*job.ended)) : Json("done");
    json["row_errors"] = Json::array();
    for (const auto& error : job.row_errors) {
        json["row_errors"].push_back(to_json(error));
    }
    return json;
}

}  // namespace

std::int64_t rows_skipped(const model::JobRecord& record) {
    const auto skipped =
        std::ranges::find(record.metrics, "rows_skipped_on_error", &model::JobMetric::name);
    return skipped == record.metrics.end() ? 0 : skipped->done;
}

model::Table grouped(const std::vector<model::RowError>& errors) {
    std::map<std::pair<std::string, std::string>, std::int64_t> counts;
    for (const auto& error : errors) {
        ++counts[{error.error_type, error.message.substr(0, error.message.find('\n'))}];
    }
    model::Table table{.headings = {"ROWS", "ERROR", "MESSAGE"}, .right_aligned = {true}};
    for (const auto& [what, count] : counts) {
        table.rows.push_back(
            {{std::to_string(count)}, {what.first, model::Tone::bad}, {what.second}});
    }
    std::ranges::stable_sort(table.rows, [](const auto& left, const auto& right) {
        return std::stoll(left[0].text) > std::stoll(right[0].text);
    });
    return table;
}

std::optional<ErrorKind> combined_end(const std::vector<Waited>& jobs) {
    static constexpr ErrorKind order[] = {ErrorKind::job_failed, ErrorKind::job_cancelled,
                                          ErrorKind::contact_lost, ErrorKind::wait_timed_out,
                                          ErrorKind::not_found};
    for (const auto kind : order) {
        if (std::ranges::any_of(jobs, [&](const auto& job) { return job.ended == kind; })) {
            return kind;
        }
    }
    return std::nullopt;
}

model::Outcome outcome_of(const std::vector<Waited>& jobs) {
    std::vector<Json> items;
    std::vector<std::string> names;
    for (const auto& job : jobs) {
        items.push_back(document_of(job));
        names.push_back(job.record.id);
    }
    auto outcome = list_outcome(items, std::move(names), {});
    outcome.blocks.clear();
    for (const auto& job : jobs) {
        append_blocks(outcome, job);
    }
    outcome.ended = combined_end(jobs);
    return outcome;
}

}  // namespace genevactl::run
