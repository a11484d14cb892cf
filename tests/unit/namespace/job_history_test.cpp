// SPDX-License-Identifier: Apache-2.0
#include "genevactl/namespace/job_history.hpp"

#include <set>

#include "support/catch.hpp"

using namespace genevactl;
using ns::JobMoment;

namespace {

base::WallTime second(std::int64_t number) {
    return base::WallTime(std::chrono::seconds(number));
}

/// The version with a number of a job that is updated every ten versions, a second each, and says
/// something in its 300th and 700th.
JobMoment moment(std::size_t index) {
    JobMoment then{.at = second(static_cast<std::int64_t>(index / 10 * 10))};
    then.status = model::JobStatus::running;
    if (index >= 300) then.events.push_back("planning");
    if (index >= 700) then.events.push_back("computing");
    return then;
}

}  // namespace

TEST_CASE("the versions in which something happened are found with few looks") {
    std::set<std::size_t> looked;
    const auto moments = ns::sample_history(1000, 40, [&](std::size_t index) {
        CHECK(looked.insert(index).second);
        return base::Result<std::vector<JobMoment>>({moment(index)});
    });
    REQUIRE(moments);
    CHECK(looked.size() <= 40);
    std::map<std::size_t, base::WallTime> first;
    for (const auto& then : *moments) {
        first.emplace(then.events.size(), then.at);
    }
    CHECK(first.at(1) == second(300));
    CHECK(first.at(2) == second(700));
    for (std::size_t i = 1; i < moments->size(); ++i) {
        CHECK((*moments)[i - 1].at < (*moments)[i].at);
    }
}

TEST_CASE("a history has gaps where versions are gone, and ends with an error") {
    const auto gaps = ns::sample_history(9, 20, [](std::size_t index) {
        auto then = index % 2 == 0 ? std::vector<JobMoment>{{.at = second(std::int64_t(index))}}
                                   : std::vector<JobMoment>{};
        return base::Result<std::vector<JobMoment>>(std::move(then));
    });
    REQUIRE(gaps);
    CHECK(gaps->size() == 5);
    CHECK(ns::sample_history(0, 20, [](std::size_t) {
              return base::Result<std::vector<JobMoment>>();
          })->empty());
    const auto broken =
        ns::sample_history(3, 20, [](std::size_t) -> base::Result<std::vector<JobMoment>> {
            return base::fail(base::ErrorKind::interrupted, "stop");
        });
    CHECK(!broken);
}
