// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "documents.hpp"
#include "error_groups.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/namespace/row_error_pages.hpp"
#include "genevactl/run/jobs.hpp"
#include "live_job.hpp"

namespace genevactl::run {

namespace {

/// The failures of a job's rows, a page at a time.
class ErrorListing final : public model::Listing {
public:
    explicit ErrorListing(ns::RowErrorPages pages) : m_pages(std::move(pages)) {}

    base::Status advance() override {
        m_errors.clear();
        GENEVACTL_TRY(m_errors, m_pages.next());
        return {};
    }
    std::size_t size() const override { return m_errors.size(); }
    const std::vector<model::RowError>& errors() const { return m_errors; }
    std::string document(std::size_t index) const override {
        const auto& error = m_errors[index];
        auto json = versioned();
        json["job_id"] = error.job_id;
        json["table"] = error.table;
        json["column"] = error.column;
        json.update(to_json(error));
        const auto address = error.row_address;
        json["fragment"] = address ? Json(*address >> 32) : Json(nullptr);
        json["offset"] = address ? Json(*address & 0xffffffff) : Json(nullptr);
        json["attempt"] = error.attempt ? Json(*error.attempt) : Json(nullptr);
        json["at"] = error.at ? Json(base::rfc3339(*error.at)) : Json(nullptr);
        return dump(json);
    }
    /// The address, for `--where '_rowaddr IN (…)'`.
    std::string name(std::size_t index) const override {
        const auto address = m_errors[index].row_address;
        return address ? std::to_string(*address) : "";
    }
    std::vector<model::Cell> row(std::size_t index) const override {
        const auto& error = m_errors[index];
        return {{row_name(error)}, {error.error_type}, {std::string(error.headline())}};
    }

private:
    ns::RowErrorPages m_pages;
    std::vector<model::RowError> m_errors = {};
};

model::Table table_of_groups(const std::vector<ErrorGroup>& groups) {
    model::Table table{.headings = {"ROWS", "ERROR", "MESSAGE", "WHERE"},
                       .right_aligned = {true},
                       .when_empty = "no errors of rows"};
    for (const auto& group : groups) {
        auto where = base::join(group.rows, " ");
        if (!group.rows.empty() && group.count > static_cast<std::int64_t>(group.rows.size())) {
            where += " …";
        }
        table.rows.push_back({{base::group_digits(group.count)},
                              {group.type, model::Tone::bad},
                              {group.message},
                              {where.empty() ? "no single row" : where, model::Tone::dim}});
    }
    return table;
}

/// Groups, the traceback of the most frequent one, and how to go on.
base::Result<std::vector<model::Block>> summary_of(ErrorListing& listing,
                                                   const model::JobRecord& record) {
    ErrorGroups errors;
    while (listing.size() > 0) {
        for (const auto& error : listing.errors()) {
            errors.add(error);
        }
        GENEVACTL_CHECK(listing.advance());
    }
    const auto groups = errors.groups();
    std::vector<model::Block> blocks{table_of_groups(groups)};
    if (groups.empty()) {
        return blocks;
    }
    if (!groups.front().traceback.empty()) {
        blocks.emplace_back(model::Text{{"\n" + groups.front().traceback, model::Tone::dim}});
    }
    const auto id = base::shell_quote(record.id);
    blocks.emplace_back(model::Text{
        {fmt::format("WHERE is FRAGMENT/OFFSET. Each row: `genevactl job errors {} -o jsonl`", id),
         model::Tone::dim}});
    if (model::is_terminal(record.status) && !record.is_refresh()) {
        // An error that names no row failed the job: what it had to compute is left to compute.
        const bool names_rows = std::ranges::any_of(
            groups, [](const ErrorGroup& group) { return !group.rows.empty(); });
        const auto again = names_rows
                               ? fmt::format(
                                     "compute these rows again: `genevactl backfill "
                                     "--retry-failed {}`",
                                     id)
                               : fmt::format("compute what is left: `genevactl backfill {} {}`",
                                             base::shell_quote(table_of(record).text()),
                                             base::shell_quote(record.column));
        blocks.emplace_back(model::Text{{again, model::Tone::strong}});
    }
    return blocks;
}

}  // namespace

Answer job_errors(Session& session, const JobErrors& request) {
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_TRY(auto record, existing_job(*client, request.id));
    GENEVACTL_TRY(auto pages, ns::RowErrorPages::open(*client, request.id));
    const auto listing = std::make_shared<ErrorListing>(std::move(pages));
    GENEVACTL_CHECK(listing->advance());
    model::Outcome outcome{.is_list = true};
    outcome.listing = listing;
    outcome.summary = [listing, record] { return summary_of(*listing, record); };
    return outcome;
}

}  // namespace genevactl::run
