// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <sstream>
#include <string>

#include "genevactl/base/text.hpp"
#include "genevactl/render/render.hpp"
#include "support/catch.hpp"
#include "support/fake_clock.hpp"

using namespace genevactl;
using model::JobProgress;
using model::JobStatus;
using render::Style;

namespace {

/// While it lives, the process's stderr is no terminal: the width is the style's.
class NoTerminal {
public:
    NoTerminal() : m_kept(::dup(STDERR_FILENO)) {
        const int null = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
        ::dup2(null, STDERR_FILENO);
        ::close(null);
    }
    ~NoTerminal() {
        ::dup2(m_kept, STDERR_FILENO);
        ::close(m_kept);
    }
    NoTerminal(const NoTerminal&) = delete;
    NoTerminal& operator=(const NoTerminal&) = delete;

private:
    int m_kept;
};

struct Log {
    explicit Log(const Style& style) : reporter(render::make_reporter(style, clock, err)) {}

    /// What was written since the last look.
    std::string said() {
        auto text = err.str();
        err.str("");
        return text;
    }
    test::FakeClock clock;
    std::ostringstream err;
    std::unique_ptr<model::Reporter> reporter;
};

JobProgress progress(JobStatus status, std::vector<std::string> events = {}) {
    JobProgress job;
    job.record.id = "j-1";
    job.record.table = "docs";
    job.record.column = "embedding";
    job.record.status = status;
    job.record.events = std::move(events);
    job.elapsed = std::chrono::seconds(12);
    return job;
}

}  // namespace

TEST_CASE("a log gets a line when a job changes and one every ten seconds") {
    Log log({});
    log.reporter->jobs({progress(JobStatus::pending)});
    CHECK(log.said() == "j-1 docs.embedding PENDING (12s)\n");
    log.clock.sleep_for(std::chrono::seconds(9));
    log.reporter->jobs({progress(JobStatus::pending)});
    CHECK(log.said().empty());
    log.clock.sleep_for(std::chrono::seconds(1));
    log.reporter->jobs({progress(JobStatus::pending)});
    CHECK(log.said() ==
          "j-1 docs.embedding PENDING (12s): waiting for its turn, or for Ray to start\n");

    log.reporter->jobs({progress(JobStatus::running)});
    CHECK(log.said() == "j-1 docs.embedding RUNNING (12s)\n");
    log.reporter->jobs({progress(JobStatus::running, {"started", "reading"})});
    CHECK(log.said() == "j-1 docs.embedding RUNNING (12s): reading\n");
    log.reporter->jobs({progress(JobStatus::running, {"started", "reading"})});
    CHECK(log.said().empty());
    log.clock.sleep_for(std::chrono::seconds(10));
    log.reporter->jobs({progress(JobStatus::running, {"started", "reading"})});
    CHECK(log.said() == "j-1 docs.embedding RUNNING (12s)\n");
}

TEST_CASE("a job without news gets fewer lines, at last one a minute") {
    Log log({});
    std::vector<int> at;
    for (int second = 0; second < 300; ++second) {
        const auto events =
            second < 200 ? std::vector<std::string>{"one"} : std::vector<std::string>{"one", "two"};
        log.reporter->jobs({progress(JobStatus::running, events)});
        if (!log.said().empty()) {
            at.push_back(second);
        }
        log.clock.sleep_for(std::chrono::seconds(1));
    }
    CHECK(at == std::vector<int>{0, 10, 30, 70, 130, 190, 200, 210, 230, 270});
}

TEST_CASE("a line of a log tells the metrics, the pace and the time left") {
    Log log({});
    auto job = progress(JobStatus::running);
    job.record.metrics = {{.name = "rows_checkpointed", .done = 40, .total = 100},
                          {.name = "writer_queue_depth_of_nobody", .done = 1, .total = 2}};
    job.rows_per_second = 2.5;
    job.remaining = std::chrono::seconds(24);
    log.reporter->jobs({job});
    CHECK(log.said() ==
          "j-1 docs.embedding RUNNING rows_checkpointed 40/100 (12s · 2.5 rows/s · about 24s "
          "left)\n");
}

TEST_CASE("a log says a step at once and then every ten seconds") {
    Log log({});
    log.reporter->step("one");
    log.reporter->step("two");
    CHECK(log.said() == "one\n");
    log.clock.sleep_for(std::chrono::seconds(10));
    log.reporter->step("three");
    CHECK(log.said() == "three\n");
    log.reporter->finish();
    log.reporter->step("four");
    CHECK(log.said() == "four\n");
}

TEST_CASE("quiet silences everything but warnings") {
    for (const bool terminal : {false, true}) {
        Log log({.terminal = terminal, .quiet = true});
        log.reporter->note("note");
        log.reporter->step("step");
        log.reporter->jobs({progress(JobStatus::running)});
        log.reporter->finish();
        CHECK(log.said().empty());
        log.reporter->warn("careful", "look");
        CHECK(log.said() == "genevactl: warning: careful\n  try: look\n");
    }
}

TEST_CASE("what a server said is stripped before it is reported") {
    for (const bool terminal : {false, true}) {
        const NoTerminal no_terminal;
        Log log({.terminal = terminal, .columns = 200});
        auto job = progress(JobStatus::running, {"a\x1b[2Jb"});
        job.record.id = job.record.table = job.record.column = "x\x1b]0;y\x07z";
        log.reporter->jobs({job});
        log.reporter->note("\x1b[2Jnote");
        auto text = log.said();
        if (terminal) {  // its own way to go up and erase
            const auto erase = text.find("\x1b[");
            REQUIRE(erase != std::string::npos);
            text.erase(erase, text.find("\x1b[J", erase) + 3 - erase);
        }
        CAPTURE(terminal, text);
        CHECK(text.find_first_of("\x1b\x07") == std::string::npos);
    }
}

TEST_CASE("a terminal's lines are erased before they are drawn anew") {
    const NoTerminal no_terminal;
    Log log({.terminal = true});
    auto job = progress(JobStatus::running, {"reading"});
    job.record.metrics = {{.name = "rows_checkpointed", .done = 50, .total = 100}};
    log.reporter->jobs({job});
    const auto first = log.said();
    CHECK(std::count(first.begin(), first.end(), '\n') == 3);
    CHECK(first.find('\x1b') == std::string::npos);
    CHECK(first.find("docs.embedding 12s") == 0);
    CHECK(first.find("████████████░░░░░░░░░░░░ 50/100") != std::string::npos);

    log.reporter->jobs({progress(JobStatus::done)});
    CHECK(log.said().find("\x1b[3A\x1b[J") == 0);
    log.reporter->note("over");
    CHECK(log.said() == "\x1b[1A\x1b[Jover\n");
    log.reporter->step("a step");
    CHECK(log.said() == "a step\n");
    log.reporter->finish();
    CHECK(log.said() == "\x1b[1A\x1b[J");
    log.reporter->finish();
    CHECK(log.said().empty());
}

TEST_CASE("no line is longer than the terminal is wide, so that it can be erased") {
    const NoTerminal no_terminal;
    Log log({.terminal = true, .columns = 40});
    auto job = progress(JobStatus::running, {std::string(200, 'e') + "\nsecond line"});
    job.record.table = std::string(100, 't');
    job.record.metrics = {{.name = "rows_checkpointed", .done = 1'000'000, .total = 2'000'000'000}};
    log.reporter->jobs({job});
    log.reporter->step(std::string(90, 's'));
    const auto text = log.said();
    CHECK(text.find("second line") == std::string::npos);
    for (const auto& line : base::split(text, '\n')) {
        CAPTURE(line);
        CHECK(base::display_width(base::printable(line)) <= 39 + std::string("[3A[J").size());
    }
    CHECK(text.find(std::string(37, 'e')) == std::string::npos);
}

TEST_CASE("a reporter that ends takes its lines along") {
    const NoTerminal no_terminal;
    Log log({.terminal = true});
    log.reporter->step("working");
    log.said();
    log.reporter.reset();
    CHECK(log.said() == "\x1b[1A\x1b[J");
}
