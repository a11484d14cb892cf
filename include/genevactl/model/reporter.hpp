// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "genevactl/base/clock.hpp"
#include "genevactl/model/job.hpp"

namespace genevactl::model {

/// What is known of a job while it is waited for.
struct JobProgress {
    JobRecord record;
    base::Microseconds elapsed{};
    std::optional<double> rows_per_second = {};
    std::optional<base::Microseconds> remaining = {};
};

/// Where a verb says what goes on, apart from its result: stderr in a program, a list in a test.
class Reporter {
public:
    virtual ~Reporter() = default;
    /// Something worth knowing that changes nothing: silenced by --quiet.
    virtual void note(const std::string& text) = 0;
    /// Something that the user should look at: never silenced. `hint` may be empty.
    virtual void warn(const std::string& text, const std::string& hint) = 0;
    /// What is being done now ("creating the environment"): a line that the next one replaces on a
    /// terminal.
    virtual void step(const std::string& text) = 0;
    /// The present state of the jobs that are waited for; called a few times a second.
    virtual void jobs(const std::vector<JobProgress>& jobs) = 0;
    /// Does jobs() draw a picture in place that nothing else on the terminal disturbs?
    virtual bool draws_jobs() const { return false; }
    /// The end of a step or of waiting: what is left on the terminal is final.
    virtual void finish() = 0;
};

}  // namespace genevactl::model
