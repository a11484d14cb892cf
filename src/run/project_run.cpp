// SPDX-License-Identifier: Apache-2.0
#include "project_run.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "documents.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "last_jobs.hpp"
#include "plan_text.hpp"
#include "project_steps.hpp"
#include "wait.hpp"

namespace genevactl::run {

using base::ErrorKind;
using plan::Action;

namespace {

/// Jobs of one project share a cluster: more at once would only wait for each other there.
constexpr std::size_t k_jobs_at_once = 4;

enum class State : std::uint8_t { waiting, running, done, failed };

std::string_view name_of(State state) {
    switch (state) {
        case State::waiting:
            return "not-started";
        case State::running:
            return "running";
        case State::done:
            return "done";
        case State::failed:
            break;
    }
    return "failed";
}

struct Progress {
    State state = State::waiting;
    std::string job = {};
    std::optional<Waited> end = {};
};

class PlanRunner {
public:
    PlanRunner(Session& outer, MadePlan& made, const std::optional<base::Microseconds>& timeout)
        : m_outer(outer),
          m_made(made),
          m_steps(made.plan.steps),
          m_progress(made.plan.steps.size()),
          m_timeout(timeout),
          m_begun(outer.surroundings().clock->monotonic()) {}

    Answer run() {
        while (!all_done()) {
            if (auto started = start_what_can(); !started) {
                return base::fail(ended(std::move(started).error()));
            }
            if (all_done()) {
                break;
            }
            if (auto waited = wait_for_one(); !waited) {
                return base::fail(ended(std::move(waited).error()));
            }
        }
        return outcome();
    }

private:
    bool all_done() const {
        return std::ranges::all_of(m_progress,
                                   [](const auto& step) { return step.state == State::done; });
    }
    bool is_ready(std::size_t index) const {
        return m_progress[index].state == State::waiting &&
               std::ranges::all_of(m_steps[index].needs, [&](std::size_t need) {
                   return m_progress[need].state == State::done;
               });
    }
    std::size_t running() const {
        return static_cast<std::size_t>(
            std::ranges::count(m_progress, State::running, &Progress::state));
    }

    /// Starts whatever has what it needs, until nothing has: a registration that is done may let
    /// another one begin.
    base::Status start_what_can() {
        for (bool again = true; again;) {
            again = false;
            for (std::size_t i = 0; i < m_steps.size(); ++i) {
                const bool is_job = plan::is_job(m_steps[i].action);
                if (!is_ready(i) || (is_job && running() >= k_jobs_at_once)) {
                    continue;
                }
                if (const auto signal = m_outer.surroundings().interrupt->signal(); signal != 0) {
                    return base::fail(base::interruption(signal));
                }
                if (time_left() <= base::Microseconds{}) {
                    return base::fail(timed_out());
                }
                GENEVACTL_CHECK(is_job ? start(i) : carry_out(i));
                again = again || !is_job;
            }
        }
        return {};
    }

    base::Status carry_out(std::size_t index) {
        const auto& step = m_steps[index];
        m_outer.reporter().step(step_sentence(step));
        auto done = do_step(m_made, step);
        m_outer.reporter().finish();
        if (!done) {
            m_progress[index].state = State::failed;
            return base::fail(std::move(done).error().while_doing(doing(index)));
        }
        m_progress[index].state = State::done;
        m_outer.reporter().note(
            fmt::format("{} {}: done", plan::name_of(step.action), step.target()));
        return {};
    }

    base::Status start(std::size_t index) {
        const auto& step = m_steps[index];
        const bool after_repoint = std::ranges::any_of(step.needs, [&](std::size_t need) {
            return m_steps[need].action == Action::alter_column &&
                   m_steps[need].table == step.table && m_steps[need].columns == step.columns;
        });
        auto id = start_job(m_made, step, after_repoint);
        if (!id) {
            m_progress[index].state = State::failed;
            return base::fail(std::move(id).error().while_doing(doing(index)));
        }
        m_progress[index].state = State::running;
        m_progress[index].job = std::move(*id);
        m_jobs.push_back(m_progress[index].job);
        remember_jobs(m_outer, m_jobs);
        return {};
    }

    /// Waits until a job has ended, and looks how.
    base::Status wait_for_one() {
        std::vector<std::string> ids;
        for (const auto& step : m_progress) {
            if (step.state == State::running) ids.push_back(step.job);
        }
        if (ids.empty()) {
            return base::fail(ErrorKind::internal, "the steps of the plan wait for each other");
        }
        GENEVACTL_TRY(auto* client, m_made.session->client());
        Waiting waiting{.any = true};
        if (m_timeout) {
            waiting.timeout = std::max(time_left(), base::Microseconds{1});
        }
        GENEVACTL_TRY(auto ends, wait_for_jobs(m_outer, *client, ids, waiting, false));
        base::Status status;
        for (auto& end : ends) {
            auto ended = take(std::move(end));
            if (status && !ended) status = std::move(ended);
        }
        return status;
    }

    base::Status take(Waited end) {
        const auto found = std::ranges::find_if(m_progress, [&](const Progress& step) {
            return step.state == State::running && step.job == end.record.id;
        });
        const bool goes_on = !end.ended && !model::is_terminal(end.record.status);
        if (found == m_progress.end() || goes_on) {
            return {};
        }
        const auto index = static_cast<std::size_t>(found - m_progress.begin());
        if (end.ended == ErrorKind::wait_timed_out) {
            return base::fail(timed_out());
        }
        found->state = end.ended ? State::failed : State::done;
        found->end = std::move(end);
        return found->state == State::done ? say_done(index) : base::fail(failure_of(index));
    }

    base::Status say_done(std::size_t index) {
        const auto& record = m_progress[index].end->record;
        m_outer.reporter().note(fmt::format("{} {}: job {} is DONE",
                                            plan::name_of(m_steps[index].action),
                                            m_steps[index].target(), record.id));
        if (const auto skipped = rows_skipped(record); skipped > 0) {
            m_outer.reporter().warn(
                fmt::format("{}: {} failed and stayed empty", m_steps[index].target(),
                            base::plural(skipped, "row")),
                fmt::format("genevactl backfill --retry-failed {}", record.id));
        }
        return {};
    }

    base::Error failure_of(std::size_t index) const {
        const auto& end = *m_progress[index].end;
        base::Error error{.kind = *end.ended,
                          .message = end.why.empty()
                                         ? fmt::format("job {} ended {}", end.record.id,
                                                       model::name_of(end.record.status))
                                         : end.why,
                          .hint = fmt::format("genevactl job show {}", end.record.id)};
        std::vector<std::string> lines;
        if (const auto event = end.record.last_event(); !event.empty()) {
            lines.emplace_back(event);
        }
        for (const auto& row : end.row_errors) {
            lines.push_back(fmt::format("{}: {}", row.error_type,
                                        row.message.substr(0, row.message.find('\n'))));
        }
        error.detail = base::join(lines, "\n");
        return std::move(error).while_doing(doing(index));
    }

    std::string doing(std::size_t index) const {
        return fmt::format("carrying out step {} ({} {})", index + 1,
                           plan::name_of(m_steps[index].action), m_steps[index].target());
    }

    base::Microseconds time_left() const {
        const auto now = m_outer.surroundings().clock->monotonic();
        const auto spent = std::chrono::duration_cast<base::Microseconds>(now - m_begun);
        return m_timeout ? *m_timeout - spent : base::Microseconds::max();
    }
    static base::Error timed_out() {
        return {.kind = ErrorKind::wait_timed_out, .message = "the time of --timeout is over"};
    }

    std::vector<std::string> targets(State state) const {
        std::vector<std::string> names;
        for (std::size_t i = 0; i < m_steps.size(); ++i) {
            if (m_progress[i].state == state) {
                names.push_back(
                    fmt::format("{} {}", plan::name_of(m_steps[i].action), m_steps[i].target()));
            }
        }
        return names;
    }

    /// The error that ends it, with where everything stands.
    base::Error ended(base::Error error) const {
        const auto say = [&](std::string_view what, const std::vector<std::string>& names) {
            if (!names.empty()) {
                error.detail += (error.detail.empty() ? "" : "\n") +
                                fmt::format("{}: {}", what, base::join(names, ", "));
            }
        };
        say("done", targets(State::done));
        say("failed", targets(State::failed));
        say("not started", targets(State::waiting));
        std::vector<std::string> jobs;
        for (const auto& step : m_progress) {
            if (step.state == State::running) jobs.push_back(step.job);
        }
        if (!jobs.empty()) {
            say("goes on", targets(State::running));
            const auto ids = base::join(jobs, " ");
            error.hint += fmt::format(
                "{}`genevactl job wait {}` follows what goes on, `genevactl "
                "job cancel {}` cancels it",
                error.hint.empty() ? "" : "; ", ids, ids);
        }
        error.hint += fmt::format("{}apply again to continue", error.hint.empty() ? "" : "; ");
        return error;
    }

    Answer outcome() {
        auto document = m_made.document;
        document["applied"] = true;
        model::Outcome outcome;
        model::Table table{.headings = {"STEP", "ACTION", "TARGET", "JOB", "STATE"}};
        for (std::size_t i = 0; i < m_steps.size(); ++i) {
            const auto& progress = m_progress[i];
            auto& entry = document["steps"][i];
            entry["state"] = name_of(progress.state);
            entry["job_id"] = progress.job.empty() ? Json(nullptr) : Json(progress.job);
            outcome.names.push_back(m_steps[i].target());
            table.rows.push_back({{std::to_string(i + 1)},
                                  {std::string(plan::name_of(m_steps[i].action))},
                                  {m_steps[i].target()},
                                  {progress.job.empty() ? "-" : progress.job},
                                  {std::string(name_of(progress.state)), model::Tone::good}});
        }
        const bool only_drops = m_steps.empty() && !document["steps"].empty();
        while (document["steps"].size() > m_steps.size()) {
            document["steps"].erase(document["steps"].size() - 1);  // drops that were only listed
        }
        outcome.document = dump(document);
        if (m_steps.empty()) {
            outcome.blocks.emplace_back(
                model::Text{{only_drops ? "nothing else to do"
                                        : "nothing to do: the deployment is as the file says"}});
        } else {
            outcome.blocks.emplace_back(std::move(table));
        }
        return outcome;
    }

    Session& m_outer;
    MadePlan& m_made;
    const std::vector<plan::Step>& m_steps;
    std::vector<Progress> m_progress;
    std::vector<std::string> m_jobs = {};
    std::optional<base::Microseconds> m_timeout;
    base::Monotonic m_begun;
};

}  // namespace

Answer run_plan(Session& outer, MadePlan& made, const std::optional<base::Microseconds>& timeout) {
    return PlanRunner(outer, made, timeout).run();
}

}  // namespace genevactl::run
