// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "report.hpp"

namespace genevactl::run {

using base::Microseconds;
using base::WallTime;

namespace {

constexpr double k_width = 960;  // of every picture, in its own units
constexpr double k_label = 230;  // where the names of rows end
constexpr double k_right = 940;
constexpr double k_row = 26;
constexpr double k_bar = 16;
constexpr double k_axis = 30;
constexpr std::size_t k_label_columns = 32;

/// Time to the right.
class TimeScale {
public:
    TimeScale(WallTime begin, WallTime end, double left, double right = k_right)
        : m_begin(begin), m_left(left), m_right(right) {
        m_span = std::max(std::chrono::duration<double>(end - begin).count(), 0.001);
    }
    double x(WallTime at) const {
        const auto seconds = std::chrono::duration<double>(at - m_begin).count();
        return m_left + (m_right - m_left) * std::clamp(seconds / m_span, 0.0, 1.0);
    }
    /// Vertical lines down to `height`, with the time since the beginning below them.
    std::string axis(double height) const {
        static constexpr std::array<double, 24> steps = {
            0.1, 0.2, 0.5,  1,    2,    5,     10,    15,    30,    60,     120,    300,
            600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800, 604800, 2592000};
        constexpr double k_most_ticks = 8;
        auto step = steps.back();
        for (const auto candidate : steps) {
            if (m_span / candidate <= k_most_ticks) {
                step = candidate;
                break;
            }
        }
        step = std::max(step, m_span / (2 * k_most_ticks));
        std::string text = R"(<g class="axis">)";
        for (double at = 0; at <= m_span; at += step) {
            const auto x = m_left + (m_right - m_left) * at / m_span;
            const auto time = Microseconds(static_cast<std::int64_t>(at * 1e6));
            text +=
                fmt::format(R"(<line class="grid" x1="{0:.1f}" y1="0" x2="{0:.1f}" y2="{1:.1f}"/>)"
                            R"(<text x="{0:.1f}" y="{2:.1f}" text-anchor="middle">{3}</text>)",
                            x, height, height + 18, at == 0 ? "0" : base::format_duration(time));
        }
        return text + "</g>";
    }

private:
    WallTime m_begin;
    double m_left;
    double m_right;
    double m_span;
};

std::string picture(double height, const std::string& name, const std::string& content) {
    return fmt::format(
        R"(<div class="scroll" tabindex="0" role="group" aria-label="{0}">)"
        R"(<svg viewBox="0 0 {1:.0f} {2:.0f}" role="img" aria-label="{0}">{3}</svg></div>)",
        html(name), k_width, height, content);
}

std::string row_label(double y, const std::string& text) {
    return fmt::format(R"(<text x="0" y="{:.1f}">{}</text>)", y + k_row / 2 + 4,
                       html(base::elide(text, k_label_columns)));
}

/// A bar that is never too short to be seen; `what` is shown when it is pointed at.
std::string bar(double y, double from, double to, std::string_view kinds, const std::string& what) {
    constexpr double k_least = 2;
    return fmt::format(
        R"(<rect class="bar {}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.0f}" rx="3">)"
        R"(<title>{}</title></rect>)",
        kinds, std::min(from, k_right - k_least), y + (k_row - k_bar) / 2,
        std::max(to - from, k_least), k_bar, html(what));
}

std::string span_of(WallTime begin, WallTime end) {
    return base::format_duration(std::max(end - begin, Microseconds{}));
}

/// Where a vertical axis ends: a number that reads well, and its half too.
double nice_above(double value) {
    const auto power = std::pow(10, std::floor(std::log10(std::max(value, 1e-9))));
    for (const auto factor : {1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0}) {
        if (value <= factor * power) return factor * power;
    }
    return 10 * power;
}

std::string figure(double value) {
    return value >= 100 || value == std::floor(value)
               ? base::group_digits(static_cast<long long>(value))
               : fmt::format("{:.1f}", value);
}

/// A heading, three horizontal lines with their values, and what is drawn between them.
class Plot {
public:
    Plot(double top, double height, double most, const std::string& name)
        : m_top(top + 24), m_height(height), m_most(nice_above(most)) {
        m_text = fmt::format(R"(<text x="{:.0f}" y="{:.1f}">{}</text><g class="axis">)", k_left,
                             top + 12, html(name));
        for (const auto part : {0.0, 0.5, 1.0}) {
            m_text += fmt::format(
                R"(<line class="grid" x1="{0:.0f}" y1="{1:.1f}" x2="{2:.0f}" y2="{1:.1f}"/>)"
                R"(<text x="{3:.0f}" y="{4:.1f}" text-anchor="end">{5}</text>)",
                k_left, y(part * m_most), k_right, k_left - 8, y(part * m_most) + 4,
                figure(part * m_most));
        }
        m_text += "</g>";
    }
    static constexpr double k_left = 84;
    double y(double value) const { return m_top + m_height * (1 - value / m_most); }
    double bottom() const { return m_top + m_height; }
    void add(const std::string& text) { m_text += text; }
    const std::string& text() const { return m_text; }

private:
    double m_top;
    double m_height;
    double m_most;
    std::string m_text;
};

void add_rows(Plot& plot, const TimeScale& scale, const std::vector<RowsAt>& rows) {
    std::string curve;
    std::string dots;
    for (const auto& [at, count] : rows) {
        const auto x = scale.x(at);
        const auto y = plot.y(static_cast<double>(count));
        curve += fmt::format("{}{:.1f},{:.1f}", curve.empty() ? "" : " ", x, y);
        dots +=
            fmt::format(R"(<circle class="dot" cx="{:.1f}" cy="{:.1f}" r="2.5"><title>{} rows at )"
                        R"({}</title></circle>)",
                        x, y, base::group_digits(count), base::rfc3339(at));
    }
    plot.add(fmt::format(R"(<polygon class="area" points="{0:.1f},{1:.1f} {2} {3:.1f},{1:.1f}"/>)",
                         scale.x(rows.front().at), plot.bottom(), curve, scale.x(rows.back().at)));
    plot.add(fmt::format(R"(<polyline class="curve" points="{}"/>)", curve) + dots);
}

/// Rows a second between one moment that was seen and the next.
std::vector<double> rates_of(const std::vector<RowsAt>& rows) {
    std::vector<double> rates;
    for (std::size_t i = 1; i < rows.size(); ++i) {
        const auto seconds = std::chrono::duration<double>(rows[i].at - rows[i - 1].at).count();
        const auto written = static_cast<double>(rows[i].rows - rows[i - 1].rows);
        rates.push_back(seconds > 0 ? std::max(written, 0.0) / seconds : 0);
    }
    return rates;
}

void add_rates(Plot& plot, const TimeScale& scale, const std::vector<RowsAt>& rows,
               const std::vector<double>& rates) {
    for (std::size_t i = 0; i < rates.size(); ++i) {
        const auto x = scale.x(rows[i].at);
        const auto y = plot.y(rates[i]);
        plot.add(fmt::format(
            R"(<rect class="area" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"><title>{} )"
            R"(rows/s for {}</title></rect>)",
            x, y, scale.x(rows[i + 1].at) - x, plot.bottom() - y, figure(rates[i]),
            span_of(rows[i].at, rows[i + 1].at)));
        plot.add(
            fmt::format(R"(<line class="curve" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>)",
                        x, y, scale.x(rows[i + 1].at), y));
    }
}

struct Placed {
    const model::JobRecord* record;
    WallTime begin;
    WallTime end;
};

/// Jobs of one target beneath each other where they overlap, one after the other where not.
std::vector<std::vector<Placed>> lanes_of(std::vector<Placed> jobs) {
    std::ranges::sort(jobs, {}, &Placed::begin);
    std::vector<std::vector<Placed>> lanes;
    for (const auto& job : jobs) {
        const auto free = std::ranges::find_if(
            lanes, [&](const auto& lane) { return lane.back().end <= job.begin; });
        if (free == lanes.end()) {
            lanes.push_back({job});
        } else {
            free->push_back(job);
        }
    }
    return lanes;
}

}  // namespace

std::string phases_chart(const std::vector<Phase>& phases, model::JobStatus status) {
    if (phases.empty()) return "";
    constexpr double k_figures = 80;  // beside the bars
    const TimeScale scale(phases.front().begin, phases.back().end, k_label, k_right - k_figures);
    const auto height = k_row * static_cast<double>(phases.size());
    auto content = scale.axis(height);
    double y = 0;
    for (const auto& phase : phases) {
        const bool last = &phase == &phases.back();
        const auto took = span_of(phase.begin, phase.end);
        const auto from = scale.x(phase.begin);
        const auto to = scale.x(phase.end);
        content += row_label(y, phase.name);
        content += fmt::format(R"(<g class="{}">)", last ? model::name_of(status) : "RUNNING") +
                   bar(y, from, to, "phase-bar", fmt::format("{}: {}", phase.name, took)) + "</g>";
        content += fmt::format(R"(<text class="soft" x="{:.1f}" y="{:.1f}">{}</text>)", to + 6,
                               y + k_row / 2 + 4, took);
        y += k_row;
    }
    return picture(height + k_axis, fmt::format("{} phases of the job over time", phases.size()),
                   content);
}

std::string rows_chart(const std::vector<RowsAt>& rows, WallTime begin, WallTime end) {
    const TimeScale scale(begin, end, Plot::k_left);
    constexpr double k_height = 130;
    Plot total(0, k_height, static_cast<double>(rows.back().rows), "Rows written");
    add_rows(total, scale, rows);
    const auto rates = rates_of(rows);
    Plot rate(total.bottom() + 18, k_height / 2, *std::ranges::max_element(rates),
              "Rows per second");
    add_rates(rate, scale, rows, rates);
    return picture(rate.bottom() + k_axis, "Rows written over time, and rows per second",
                   scale.axis(rate.bottom()) + total.text() + rate.text());
}

std::string jobs_chart(const std::vector<ReportedJob>& jobs, WallTime now) {
    std::map<std::string, std::vector<Placed>> targets;
    auto begin = now;
    WallTime end{};
    for (const auto& job : jobs) {
        const auto& record = job.record;
        if (!record.launched_at) continue;
        const auto ended = std::max(record.ended_at().value_or(now), *record.launched_at);
        targets[record.target()].push_back({&record, *record.launched_at, ended});
        begin = std::min(begin, *record.launched_at);
        end = std::max(end, ended);
    }
    if (targets.empty()) return "";
    const TimeScale scale(begin, end, k_label);
    std::string content;
    double y = 0;
    for (const auto& [target, placed] : targets) {
        content += row_label(y, target);
        for (const auto& lane : lanes_of(placed)) {
            for (const auto& job : lane) {
                const bool live = !model::is_terminal(job.record->status);
                content += fmt::format(R"(<g class="{}">)", model::name_of(job.record->status)) +
                           bar(y, scale.x(job.begin), scale.x(job.end), live ? "live" : "",
                               fmt::format("{} {} {}, {}", job.record->id, target,
                                           model::name_of(job.record->status),
                                           span_of(job.begin, job.end))) +
                           "</g>";
            }
            y += k_row;
        }
    }
    return picture(y + k_axis, fmt::format("{} over time", base::plural(std::ssize(jobs), "job")),
                   scale.axis(y) + content);
}

}  // namespace genevactl::run
