// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <ostream>

#include <sys/ioctl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/render/render.hpp"
#include "paint.hpp"

namespace genevactl::render {

using model::JobProgress;
using model::Tone;

namespace {

constexpr base::Microseconds k_log_interval = std::chrono::seconds(10);
constexpr base::Microseconds k_longest_log_interval = std::chrono::minutes(1);
constexpr int k_bar_width = 24;
constexpr int k_least_bar = 6;
constexpr int k_usual_rows = 24;

std::string pace_of(const JobProgress& job) {
    std::string text = base::format_duration(job.elapsed);
    if (job.rows_per_second) {
        text += fmt::format(" · {:.1f} rows/s", *job.rows_per_second);
    }
    if (job.remaining) {
        text += fmt::format(" · about {} left", base::format_duration(*job.remaining));
    }
    return text;
}

class ReporterBase : public model::Reporter {
public:
    ReporterBase(const Style& style, std::ostream& err) : m_style(style), m_err(err) {}

protected:
    void say(std::string_view label, Tone tone, const std::string& text) {
        m_err << paint(label, tone, m_style.color) << base::printable(text) << '\n';
        m_err.flush();
    }
    void say_warning(const std::string& text, const std::string& hint) {
        say("genevactl: warning: ", Tone::caution, text);
        if (!hint.empty()) {
            say("  try: ", Tone::strong, hint);
        }
    }
    const Style& style() const { return m_style; }
    std::ostream& err() { return m_err; }

private:
    Style m_style;
    std::ostream& m_err;
};

/// Lines for a log: a job gets one when its status or last event changes, and else after ten
/// seconds, then after twice as long each time, up to a minute.
class LogReporter final : public ReporterBase {
public:
    LogReporter(const Style& style, base::Clock& clock, std::ostream& err)
        : ReporterBase(style, err), m_clock(clock) {}

    void note(const std::string& text) override {
        if (!style().quiet) {
            say("", Tone::plain, text);
        }
    }
    void warn(const std::string& text, const std::string& hint) override {
        say_warning(text, hint);
    }
    void step(const std::string& text) override {
        const auto now = m_clock.monotonic();
        if (!style().quiet && (m_last_step.empty() || now - m_step_at >= k_log_interval)) {
            say("", Tone::dim, text);
            m_step_at = now;
        }
        m_last_step = text;
    }
    void jobs(const std::vector<JobProgress>& jobs) override {
        for (const auto& job : jobs) {
            if (const auto news = news_of(job); !style().quiet && news) {
                say("", Tone::plain, line_of(job, *news));
            }
        }
    }
    void finish() override { m_last_step.clear(); }

private:
    struct Last {
        model::JobStatus status;
        std::string event;
        base::Monotonic at;
        base::Microseconds pause;  ///< until the next line without news
    };

    /// What a line has to say beside the figures: the last event, once; nothing if no line is due.
    std::optional<std::string> news_of(const JobProgress& job) {
        const auto now = m_clock.monotonic();
        const std::string event(job.record.last_event());
        auto& last = m_last[job.record.id];
        const bool same = last && last->event == event;
        auto pause = k_log_interval;
        if (same && last->status == job.record.status) {
            if (now - last->at < last->pause) {
                return std::nullopt;
            }
            pause = std::min(2 * last->pause, k_longest_log_interval);
        }
        last = Last{job.record.status, event, now, pause};
        if (!same) {
            return event;
        }
        const bool waits = job.record.status == model::JobStatus::pending;
        return waits ? "waiting for its turn, or for Ray to start" : "";
    }
    static std::string line_of(const JobProgress& job, const std::string& news) {
        auto line = fmt::format("{} {} {}", job.record.id, job.record.target(),
                                model::name_of(job.record.status));
        for (const auto& metric : job.record.metrics) {
            if (metric.worth_showing(job.record.status)) {
                line += fmt::format(" {} {}/{}", metric.name, metric.done, metric.total);
            }
        }
        line += " (" + pace_of(job) + ")";
        return line + (news.empty() ? "" : ": " + news);
    }

    base::Clock& m_clock;
    base::Monotonic m_step_at{};
    std::string m_last_step;
    std::map<std::string, std::optional<Last>> m_last;
};

/// A few lines at the bottom of a terminal that are drawn anew in place.
class TerminalReporter final : public ReporterBase {
public:
    using ReporterBase::ReporterBase;
    ~TerminalReporter() override { erase(); }
    TerminalReporter(const TerminalReporter&) = delete;
    TerminalReporter& operator=(const TerminalReporter&) = delete;

    void note(const std::string& text) override {
        if (!style().quiet) {
            erase();
            say("", Tone::plain, text);
        }
    }
    void warn(const std::string& text, const std::string& hint) override {
        erase();
        say_warning(text, hint);
    }
    void step(const std::string& text) override {
        draw({base::elide(base::printable(text), window().width)});
    }
    void jobs(const std::vector<JobProgress>& jobs) override { draw(picture_of(jobs)); }
    bool draws_jobs() const override { return !style().quiet && style().format == Format::table; }
    void finish() override { erase(); }

private:
    /// What fits: one column is left free, since some terminals wrap after the last one, and one
    /// row for the cursor.
    struct Window {
        std::size_t width;
        std::size_t height;
    };
    /// Asked anew for each picture: a window may change its size.
    Window window() const {
        winsize size{};
        if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1) {
            const auto rows = size.ws_row > 1 ? size.ws_row - 1 : k_usual_rows;
            return {static_cast<std::size_t>(size.ws_col - 1), static_cast<std::size_t>(rows)};
        }
        return {static_cast<std::size_t>(std::max(style().columns - 1, 20)), k_usual_rows};
    }

    /// All of each job if that fits the window; else a line each, as many as fit.
    std::vector<std::string> picture_of(const std::vector<JobProgress>& jobs) const {
        const auto fits = window();
        std::vector<std::string> lines;
        for (const auto& job : jobs) {
            append_job(lines, job, fits.width);
        }
        if (lines.size() <= fits.height) {
            return lines;
        }
        lines.clear();
        for (const auto& job : jobs) {
            lines.push_back(head_of(job, fits.width, true));
        }
        if (lines.size() > fits.height) {
            const auto shown = fits.height - 1;
            const auto rest = fmt::format("… and {} more", lines.size() - shown);
            lines.resize(shown);
            lines.push_back(paint(base::elide(rest, fits.width), Tone::dim, style().color));
        }
        return lines;
    }

    /// "docs.embedding 12s · 3.9 rows/s  RUNNING", whatever of it fits; `with_rows`: how many of
    /// them, where there is no bar that says so. The status always does.
    std::string head_of(const JobProgress& job, std::size_t width, bool with_rows) const {
        const auto& record = job.record;
        const auto status = model::name_of(record.status);
        auto pace = pace_of(job);
        for (const auto& metric : record.metrics) {
            if (with_rows && metric.name == "rows_checkpointed" && metric.total > 0) {
                pace = fmt::format("{}% · {}", 100 * metric.done / metric.total, pace);
            }
        }
        const auto room = width > status.size() + 1 ? width - status.size() - 1 : 0;
        const auto target = base::elide(base::printable(record.target()), room);
        const auto used = base::display_width(target);
        auto head = target;
        if (room > used + 4) {
            head += " " + base::elide(pace, room - used - 1);
        }
        const bool over = model::is_terminal(record.status);
        return paint(head, over ? Tone::dim : Tone::plain, style().color) + " " +
               paint(status, tone_of(record.status), style().color);
    }

    /// A job that has ended keeps its line until it leaves the picture, and what it ended with if
    /// that is not what was wanted.
    void append_job(std::vector<std::string>& lines, const JobProgress& job,
                    std::size_t width) const {
        const auto& record = job.record;
        const bool over = model::is_terminal(record.status);
        lines.push_back(head_of(job, width, over));
        for (const auto& metric : record.metrics) {
            if (!over && metric.worth_showing(record.status)) {
                lines.push_back(bar_of(metric, width));
            }
        }
        if (!record.events.empty() && record.status != model::JobStatus::done) {
            const auto event = base::printable(record.last_event());
            const auto line = event.substr(0, event.find('\n'));
            lines.push_back(paint(base::elide("  " + line, width), Tone::dim, style().color));
        }
    }

    /// The bar gives way before the figures do.
    static std::string bar_of(const model::JobMetric& metric, std::size_t width) {
        const auto name = fmt::format("  {:<22} ", base::printable(metric.name));
        const auto figures =
            fmt::format("{}/{}", base::group_digits(metric.done), base::group_digits(metric.total));
        const auto needed = base::display_width(name) + figures.size() + 1;
        const auto room = width > needed ? static_cast<int>(width - needed) : 0;
        const auto columns = std::min(k_bar_width, room);
        if (columns < k_least_bar) {
            return base::elide(name + figures, width);
        }
        return name + bar(metric.done, metric.total, columns) + " " + figures;
    }

    void draw(const std::vector<std::string>& lines) {
        if (style().quiet) {
            return;
        }
        auto text = erasure();  // with the new picture in one piece: nothing flickers
        for (const auto& line : lines) {
            text += line + "\n";
            m_drawn.push_back(base::display_width(base::printable(line)));
        }
        err() << text;
        err().flush();
    }
    void erase() {
        if (!m_drawn.empty()) {
            err() << erasure();
            err().flush();
        }
    }
    /// What takes away the picture. A window that became narrower since shows a line of it on
    /// several rows.
    std::string erasure() {
        const auto columns = window().width + 1;
        std::size_t rows = 0;
        for (const auto width : m_drawn) {
            rows += std::max<std::size_t>(1, (width + columns - 1) / columns);
        }
        m_drawn.clear();
        return rows == 0 ? "" : fmt::format("\x1b[{}A\x1b[J", rows);
    }

    std::vector<std::size_t> m_drawn = {};  ///< the columns of each line
};

}  // namespace

std::unique_ptr<model::Reporter> make_reporter(const Style& style, base::Clock& clock,
                                               std::ostream& err) {
    if (style.terminal) {
        return std::make_unique<TerminalReporter>(style, err);
    }
    return std::make_unique<LogReporter>(style, clock, err);
}

}  // namespace genevactl::render
