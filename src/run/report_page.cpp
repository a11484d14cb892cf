// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "event_times.hpp"
#include "genevactl/base/embedded.hpp"
#include "genevactl/base/surroundings.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/manifest/lint.hpp"
#include "progress.hpp"
#include "report.hpp"

namespace genevactl::embedded {
extern const std::vector<base::EmbeddedFile> report_files;
}

namespace genevactl::run {

using base::WallTime;
using model::JobRecord;

namespace {

std::string time_text(WallTime at) {
    return base::rfc3339(std::chrono::floor<std::chrono::seconds>(at));
}
std::string time_text(const std::optional<WallTime>& at) {
    return at ? time_text(*at) : "–";
}

std::string took(const JobRecord& record, WallTime now) {
    if (!record.launched_at) return "–";
    return base::format_duration(
        std::max(record.ended_at().value_or(now) - *record.launched_at, base::Microseconds{}));
}

std::string status_of(const JobRecord& record) {
    return fmt::format(R"(<span class="status {0}">{0}</span>)", model::name_of(record.status));
}

std::string section(const std::string& heading, const std::string& content) {
    return fmt::format("<section>\n<h2>{}</h2>\n{}</section>\n", html(heading), content);
}

std::string paragraph(const std::string& text, const char* kind = "soft") {
    return fmt::format("<p class=\"{}\">{}</p>\n", kind, html(text));
}

std::string figure(const char* name, const std::string& value) {
    return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, html(value));
}

/// Rows a second over the whole life of a job, the start of its processes included.
std::string average_rate(const JobRecord& record, WallTime now) {
    if (!record.launched_at || rows_written(record) == 0) return "–";
    const auto end = record.ended_at().value_or(now);
    const auto seconds = std::chrono::duration<double>(end - *record.launched_at).count();
    return seconds > 0
               ? fmt::format("{:.1f} rows/s", static_cast<double>(rows_written(record)) / seconds)
               : "–";
}

std::string job_figures(const Report& report) {
    const auto& record = report.jobs.front().record;
    const auto* rows = find_metric(record, "rows_checkpointed");
    std::string figures = figure("Took", took(record, report.now));
    figures +=
        figure("Rows", rows == nullptr ? "–"
                                       : fmt::format("{} of {}", base::group_digits(rows->done),
                                                     base::group_digits(rows->total)));
    figures += figure("Average", average_rate(record, report.now));
    figures += figure("Errors of rows", base::group_digits(report.error_count));
    return "<dl class=\"figures\">\n" + figures + "</dl>\n";
}

std::string table_figures(const Report& report) {
    std::string figures = figure("Jobs", base::group_digits(std::ssize(report.jobs)) +
                                             (report.more_jobs ? " (newest)" : ""));
    for (const auto status :
         {model::JobStatus::done, model::JobStatus::failed, model::JobStatus::cancelled,
          model::JobStatus::running, model::JobStatus::pending}) {
        const auto count = std::ranges::count_if(
            report.jobs, [&](const auto& job) { return job.record.status == status; });
        if (count > 0) figures += figure(model::name_of(status).data(), base::group_digits(count));
    }
    figures += figure("Errors of rows", base::group_digits(report.error_count));
    return "<dl class=\"figures\">\n" + figures + "</dl>\n";
}

std::string timeline(const ReportedJob& job, WallTime now) {
    const auto phases = phases_of(job, now);
    auto content = phases_chart(phases, job.record.status);
    if (content.empty()) {
        content = paragraph("The record tells no times.");
    } else if (phases.size() == 1) {
        content += paragraph(
            "The deployment tells only when the job was launched and when it was "
            "last updated: its phases have no times.");
    } else {
        content += paragraph(
            "Times are those of the updates of the job's record: an event may "
            "have come a moment earlier.");
    }
    return section("Phases", content);
}

std::string throughput(const ReportedJob& job, WallTime now) {
    const auto rows = rows_over_time(job);
    if (rows.size() >= 2 && job.record.launched_at) {
        const auto end = std::max(job.record.ended_at().value_or(now), rows.back().at);
        return section("Throughput", rows_chart(rows, *job.record.launched_at, end));
    }
    const auto written = rows_written(job.record);
    return section(
        "Throughput",
        paragraph(written == 0
                      ? "The job's record counts no rows."
                      : fmt::format("Only the total is known: {} in {}, {} on average, the start "
                                    "of the job's processes included.",
                                    base::plural(written, "row"), took(job.record, now),
                                    average_rate(job.record, now))));
}

std::string errors(const Report& report) {
    if (report.errors.empty()) {
        return section(
            "Errors of rows",
            paragraph(report.errors_note.empty() ? "None are recorded." : report.errors_note));
    }
    std::string rows;
    for (const auto& group : report.errors) {
        auto where = base::join(group.rows, ", ");
        if (!group.rows.empty() && group.count > std::ssize(group.rows)) where += ", …";
        rows += fmt::format(
            "<tr><td class=\"number\">{}</td><td>{}</td><td>{}{}</td>"
            "<td class=\"mono\">{}</td></tr>\n",
            base::group_digits(group.count), html(group.type), html(group.message),
            group.traceback.empty()
                ? ""
                : fmt::format("<details><summary>Traceback</summary><pre>{}</pre>"
                              "</details>",
                              html(group.traceback)),
            html(where));
    }
    return section("Errors of rows",
                   "<div class=\"scroll\"><table>\n<thead><tr><th class=\"number\">Rows</th><th>"
                   "Exception</th><th>Message</th><th>Where (fragment/offset)</th></tr></thead>\n"
                   "<tbody>\n" +
                       rows + "</tbody></table></div>\n" +
                       (report.errors_note.empty() ? "" : paragraph(report.errors_note)));
}

std::string property_table(const std::vector<std::pair<std::string, std::string>>& rows) {
    std::string text = "<div class=\"scroll\"><table><tbody>\n";
    for (const auto& [name, value] : rows) {
        text += fmt::format("<tr><th scope=\"row\">{}</th><td><pre>{}</pre></td></tr>\n",
                            html(name), html(value));
    }
    return text + "</tbody></table></div>\n";
}

std::string manifest_section(const Report& report) {
    std::vector<std::pair<std::string, std::string>> rows;
    for (const auto& [name, cell] : report.manifest.rows) {
        rows.emplace_back(name, cell.text);
    }
    std::string content;
    if (!report.manifest_note.empty()) content += paragraph(report.manifest_note);
    if (!rows.empty()) content += property_table(rows);
    return section("Manifest", content);
}

/// What the job was asked for, and what the deployment made of it.
std::string parameters(const JobRecord& record) {
    std::vector<std::pair<std::string, std::string>> rows;
    const auto config = nlohmann::ordered_json::parse(record.config, nullptr, false);
    if (config.is_object()) {
        for (const auto& [name, value] : config.items()) {
            if (value.is_null()) continue;
            const auto text =
                value.is_string()
                    ? value.get<std::string>()
                    : value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
            rows.emplace_back(name, manifest::shown_value(name, text));
        }
    }
    return section("Parameters",
                   rows.empty() ? paragraph("The record keeps none.") : property_table(rows));
}

std::string events(const ReportedJob& job) {
    if (job.record.events.empty()) return "";
    const auto times = event_times(job.record, job.history);
    std::string rows;
    for (std::size_t i = 0; i < times.size(); ++i) {
        rows += fmt::format("<tr><td class=\"time\">{}</td><td><pre>{}</pre></td></tr>\n",
                            time_text(times[i]), html(job.record.events[i]));
    }
    return section("Events",
                   "<div class=\"scroll\"><table><thead><tr><th>Time (UTC)</th><th>Event"
                   "</th></tr></thead><tbody>\n" +
                       rows + "</tbody></table></div>\n");
}

std::string record_table(const JobRecord& record) {
    std::vector<std::pair<std::string, std::string>> rows = {{"job", record.id}};
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty()) rows.emplace_back(name, value);
    };
    add("type", record.type);
    add("inputs", base::join(record.input_columns, ", "));
    add("outputs", base::join(record.output_columns, ", "));
    add("launched", time_text(record.launched_at));
    add("updated", time_text(record.updated_at));
    add("completed", time_text(record.completed_at));
    add("launched by", record.launched_by);
    add("cluster", record.cluster);
    for (const auto& metric : record.metrics) {
        if (metric.worth_showing(record.status)) {
            add(metric.name.c_str(), fmt::format("{} of {}", base::group_digits(metric.done),
                                                 base::group_digits(metric.total)));
        }
    }
    return section("Record", property_table(rows));
}

std::string jobs_table(const Report& report) {
    std::string rows;
    for (const auto& job : report.jobs) {
        const auto& record = job.record;
        rows += fmt::format(
            "<tr><td class=\"mono id\">{}</td><td>{}</td><td>{}</td><td class=\"time\">{}</td>"
            "<td class=\"number\">{}</td><td class=\"number\">{}</td><td>{}</td></tr>\n",
            html(record.id), html(record.target()), status_of(record),
            time_text(record.launched_at), took(record, report.now),
            base::group_digits(rows_written(record)),
            html(record.manifest_id.empty()
                     ? "–"
                     : fmt::format("{}@{:.8}", record.manifest_id, record.manifest_checksum)));
    }
    auto content =
        "<div class=\"scroll\"><table><thead><tr><th>Job</th><th>Target</th><th>Status"
        "</th><th>Launched (UTC)</th><th class=\"number\">Took</th><th class=\"number\">"
        "Rows</th><th>Manifest</th></tr></thead><tbody>\n" +
        rows + "</tbody></table></div>\n";
    if (report.more_jobs) content += paragraph("Older jobs of the table are left out.");
    return section("Jobs", content);
}

std::string body(const Report& report) {
    if (report.of_table) {
        return table_figures(report) + section("Timeline", jobs_chart(report.jobs, report.now)) +
               errors(report) + jobs_table(report);
    }
    const auto& job = report.jobs.front();
    return job_figures(report) + timeline(job, report.now) + throughput(job, report.now) +
           errors(report) + manifest_section(report) + parameters(job.record) + events(job) +
           record_table(job.record);
}

std::string head_line(const Report& report) {
    if (report.of_table) {
        return fmt::format("<h1>{}</h1>\n<p class=\"soft\">Jobs of the table in {}</p>\n",
                           html(report.title), html(report.database));
    }
    const auto& record = report.jobs.front().record;
    auto heading = fmt::format("<h1>{} {}</h1>\n", html(report.title), status_of(record));
    heading += fmt::format(
        "<p class=\"soft\">Job <span class=\"mono\">{}</span> in {}, launched "
        "{}{}</p>\n",
        html(record.id), html(report.database), time_text(record.launched_at),
        model::is_terminal(record.status) ? "" : ": it goes on");
    // Nobody should have to look for why it failed.
    if (record.status == model::JobStatus::failed && !record.events.empty()) {
        heading += paragraph(first_line_of(record.last_event()), "FAILED");
    }
    return heading;
}

}  // namespace

std::string report_page(const Report& report) {
    const auto title = fmt::format("{} · genevactl", html(report.title));
    std::string page =
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        // Nothing is loaded and nothing runs, whatever a server managed to write into a record.
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
        "'unsafe-inline'; img-src data:\">\n<link rel=\"icon\" href=\"data:,\">\n";
    page += fmt::format("<title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n<main>\n", title,
                        embedded::report_files.front().content);
    page += "<header>\n" + head_line(report) + "</header>\n" + body(report);
    page += fmt::format("<footer>Made by genevactl {} at {}. All times are UTC.</footer>\n",
                        base::version(), time_text(report.now));
    return page + "</main>\n</body>\n</html>\n";
}

}  // namespace genevactl::run
