// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "error_groups.hpp"
#include "genevactl/base/clock.hpp"
#include "genevactl/model/job.hpp"
#include "genevactl/model/outcome.hpp"
#include "genevactl/namespace/job_history.hpp"

/// The page that `job report` writes: from what was gathered to HTML, without a look at anything.
namespace genevactl::run {

struct ReportedJob {
    model::JobRecord record;
    /// How it went on; empty where the deployment does not tell, and on the page of a table.
    std::vector<ns::JobMoment> history = {};
};

struct Report {
    std::string title;                   ///< "docs.embedding", "docs"
    std::string database = {};           ///< db://NAME
    base::WallTime now = {};             ///< when it was made
    std::vector<ReportedJob> jobs = {};  ///< newest first; one if it is about a job
    bool of_table = false;
    bool more_jobs = false;  ///< the table has older ones, which are left out
    std::vector<ErrorGroup> errors = {};
    std::int64_t error_count = 0;
    std::string errors_note = {};     ///< what of them was not read
    model::Properties manifest = {};  ///< of the one job; empty if its content is not known
    std::string manifest_note = {};
};

/// The whole page: HTML 5 with its styles and pictures in it, which loads nothing. Whatever came
/// from a server is text in it, never markup.
std::string report_page(const Report& report);

/// Text for an element or a quoted attribute, control characters gone.
std::string html(std::string_view text);

/// A stretch of a job's life, named by the event that began it.
struct Phase {
    std::string name;
    base::WallTime begin;
    base::WallTime end;
};
/// The phases of a job, oldest first: one alone where its history tells no times.
std::vector<Phase> phases_of(const ReportedJob& job, base::WallTime now);

/// Rows that a job had written by then.
struct RowsAt {
    base::WallTime at;
    std::int64_t rows;
};
std::vector<RowsAt> rows_over_time(const ReportedJob& job);

/// Pictures (report_charts.cpp): an <svg> each, with a name for those who do not see it.
std::string phases_chart(const std::vector<Phase>& phases, model::JobStatus status);
std::string rows_chart(const std::vector<RowsAt>& rows, base::WallTime begin, base::WallTime end);
std::string jobs_chart(const std::vector<ReportedJob>& jobs, base::WallTime now);

}  // namespace genevactl::run
