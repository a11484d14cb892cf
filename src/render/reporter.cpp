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
constexpr int k_bar_width = 24;

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

/// Lines for a log: a job gets one when its status or last event changes, and one every ten
/// seconds.
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
    };

    /// What a line has to say beside the figures: the last event, once; nothing if no line is due.
    std::optional<std::string> news_of(const JobProgress& job) {
        const auto now = m_clock.monotonic();
        const std::string event(job.record.last_event());
        auto& last = m_last[job.record.id];
        const bool same = last && last->event == event;
        if (same && last->status == job.record.status && now - last->at < k_log_interval) {
            return std::nullopt;
        }
        last = Last{job.record.status, event, now};
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
        draw({base::elide(base::printable(text), width())});
    }
    void jobs(const std::vector<JobProgress>& jobs) override {
        std::vector<std::string> lines;
        for (const auto& job : jobs) {
            append_job(lines, job);
        }
        draw(lines);
    }
    void finish() override { erase(); }

private:
    std::size_t width() const {
        winsize size{};
        if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1) {
            return static_cast<std::size_t>(size.ws_col - 1);
        }
        return static_cast<std::size_t>(std::max(style().columns - 1, 20));
    }
    void append_job(std::vector<std::string>& lines, const JobProgress& job) const {
        const auto& record = job.record;
        const auto head = base::printable(fmt::format("{} {}  ", record.target(), pace_of(job)));
        lines.push_back(
            base::elide(head, width() - std::min<std::size_t>(width() / 2, 12)) +
            paint(model::name_of(record.status), tone_of(record.status), style().color));
        for (const auto& metric : record.metrics) {
            if (metric.worth_showing(record.status)) {
                lines.push_back(base::elide(
                    fmt::format("  {:<22} {} {}/{}", metric.name,
                                bar(metric.done, metric.total, k_bar_width),
                                base::group_digits(metric.done), base::group_digits(metric.total)),
                    width()));
            }
        }
        if (!record.events.empty()) {
            const auto event = base::printable(record.last_event());
            const auto line = event.substr(0, event.find('\n'));
            lines.push_back(paint("  " + base::elide(line, width() - 2), Tone::dim, style().color));
        }
    }
    void draw(const std::vector<std::string>& lines) {
        if (style().quiet) {
            return;
        }
        erase();
        for (const auto& line : lines) {
            err() << line << '\n';
        }
        m_drawn = lines.size();
        err().flush();
    }
    void erase() {
        if (m_drawn > 0) {
            err() << fmt::format("\x1b[{}A\x1b[J", m_drawn);
            err().flush();
            m_drawn = 0;
        }
    }

    std::size_t m_drawn = 0;
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
