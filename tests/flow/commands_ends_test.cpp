// SPDX-License-Identifier: Apache-2.0
// The exit code of several jobs, through whole commands.
#include <chrono>

#include "flow/commands.hpp"

using namespace genevactl;
using namespace genevactl::test;
using model::JobStatus;
using namespace std::chrono_literals;

namespace {

/// How a job may end, the worst first: the order in which an exit code is chosen.
struct End {
    const char* ended;
    int code;
    JobStatus status;
    const char* updated_at;  ///< none: there is no record
};

const std::vector<End> k_ends = {
    {"job_failed", 10, JobStatus::failed, "2026-11-22T09:29:00Z"},
    {"job_cancelled", 11, JobStatus::cancelled, "2026-11-22T09:29:00Z"},
    {"contact_lost", 12, JobStatus::running, "2026-11-22T09:00:00Z"},
    {"wait_timed_out", 8, JobStatus::running, "2026-11-22T09:30:00Z"},
    {"not_found", 5, JobStatus::pending, nullptr},
    {"done", 0, JobStatus::done, "2026-11-22T09:29:00Z"},
};

void set(model::JobRecord& job, const End& end) {
    job.status = end.status;
    job.updated_at = base::parse_rfc3339(end.updated_at).value();
}

}  // namespace

TEST_CASE("the exit code of two ids is that of the worse end, in either order",
          "[flow][commands]") {
    for (std::size_t worse = 0; worse < k_ends.size(); ++worse) {
        for (std::size_t other = worse; other < k_ends.size(); ++other) {
            for (const bool swapped : {false, true}) {
                Scene scene;
                scene.user.surroundings.environment["GENEVACTL_POLL_INTERVAL"] = "20s";
                const std::vector<const End*> ends = {&k_ends[swapped ? other : worse],
                                                      &k_ends[swapped ? worse : other]};
                Words words = {"job", "wait", "--timeout", "5m", "-o", "json"};
                for (std::size_t i = 0; i < 2; ++i) {
                    const auto id = "job-" + std::to_string(i);
                    if (ends[i]->updated_at != nullptr) {
                        set(scene.deployment.add_job(id, ends[i]->status), *ends[i]);
                    }
                    words.push_back(id);
                }
                const auto ran = scene.run(words);
                CAPTURE(ends[0]->ended, ends[1]->ended, ran.out);
                CHECK(ran.code == k_ends[worse].code);
                CHECK(ran.document().at(0)["ended"] == ends[0]->ended);
                CHECK(ran.document().at(1)["ended"] == ends[1]->ended);
            }
        }
    }
}

TEST_CASE("the exit code of two columns is that of the worse end, in either order",
          "[flow][commands]") {
    for (std::size_t worse = 0; worse < k_ends.size(); ++worse) {
        for (std::size_t other = worse; other < k_ends.size(); ++other) {
            for (const bool swapped : {false, true}) {
                const auto& first = k_ends[swapped ? other : worse];
                const auto& second = k_ends[swapped ? worse : other];
                // A job that was started here has a record.
                if (first.updated_at == nullptr || second.updated_at == nullptr) continue;
                Scene scene;
                scene.user.surroundings.environment["GENEVACTL_POLL_INTERVAL"] = "20s";
                scene.deployment.status_of_new_jobs = JobStatus::pending;
                scene.deployment.on_look = [&](int) {
                    auto* length = scene.deployment.find_job("job-new+");
                    if (length == nullptr) return;  // the second is not started yet
                    set(*scene.deployment.find_job("job-new"), first);
                    set(*length, second);
                };
                const auto ran = scene.run(
                    {"backfill", "docs", "embedding", "length", "--timeout", "5m", "-o", "json"});
                CAPTURE(first.ended, second.ended, ran.out);
                CHECK(ran.code == k_ends[worse].code);
                CHECK(ran.document().at(0)["ended"] == first.ended);
                CHECK(ran.document().at(1)["ended"] == second.ended);
            }
        }
    }
}
