// SPDX-License-Identifier: Apache-2.0
#include "genevactl/run/doctor.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "doctor.hpp"
#include "genevactl/base/text.hpp"

namespace genevactl::run {

namespace {

constexpr base::Microseconds k_for_requests = std::chrono::seconds(30);
constexpr base::Microseconds k_for_programs = std::chrono::seconds(30);

std::string_view word_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::ok:
            return "ok";
        case Verdict::warn:
            return "warn";
        case Verdict::fail:
            return "fail";
        case Verdict::skip:
            return "skip";
    }
    return "";
}

model::Tone tone_of_verdict(Verdict verdict) {
    switch (verdict) {
        case Verdict::warn:
            return model::Tone::caution;
        case Verdict::fail:
            return model::Tone::bad;
        case Verdict::skip:
            return model::Tone::dim;
        default:
            return model::Tone::plain;
    }
}

Json document_of(const Finding& finding) {
    auto document = versioned();
    document["check"] = finding.check;
    document["status"] = word_of(finding.verdict);
    document["finding"] = finding.said;
    document["mend"] = finding.mend.empty() ? Json(nullptr) : Json(finding.mend);
    document["facts"] = finding.facts;
    return document;
}

/// What the command ends with: nothing if no check failed.
std::optional<base::ErrorKind> end_of(const std::vector<Finding>& findings) {
    std::optional<base::ErrorKind> end;
    for (const auto& finding : findings) {
        if (finding.verdict != Verdict::fail) {
            continue;
        }
        end = !end || *end == finding.kind ? finding.kind : base::ErrorKind::failed;
    }
    return end;
}

model::Outcome findings_outcome(const std::vector<Finding>& findings) {
    std::vector<Json> items;
    std::vector<std::string> names;
    std::vector<model::Block> lines;
    for (const auto& finding : findings) {
        items.push_back(document_of(finding));
        names.push_back(finding.check);
        lines.emplace_back(model::Text{
            {fmt::format("{:<5} {:<12} {}", word_of(finding.verdict), finding.check, finding.said),
             tone_of_verdict(finding.verdict)}});
        if (!finding.mend.empty()) {
            lines.emplace_back(model::Text{{fmt::format("{:18} -> {}", "", finding.mend)}});
        }
    }
    auto outcome = list_outcome(items, std::move(names), {});
    outcome.blocks = std::move(lines);
    outcome.ended = end_of(findings);
    return outcome;
}

void append(std::vector<Finding>& all, std::vector<Finding> more) {
    std::ranges::move(more, std::back_inserter(all));
}

}  // namespace

Finding failure(std::string check, const base::Error& error) {
    auto said = error.message;
    for (const auto& step : error.context) {
        said += ", " + step;
    }
    return {.check = std::move(check),
            .verdict = Verdict::fail,
            .said = std::move(said),
            .mend = error.hint,
            .kind = error.kind};
}

base::Result<base::ProcessResult> HurriedRunner::run(const base::Command& command) {
    const auto left = std::chrono::duration_cast<base::Microseconds>(m_end - m_clock.monotonic());
    if (left <= base::Microseconds::zero()) {
        return base::fail(base::ErrorKind::failed, "no time was left to run it");
    }
    auto hurried = command;
    hurried.timeout = std::min(command.timeout, left);
    return m_inner.run(hurried);
}

base::Result<pid_t> HurriedRunner::spawn_detached(const base::Command& command,
                                                  const std::filesystem::path& log) {
    return m_inner.spawn_detached(command, log);
}

Answer doctor(Session& session, const Doctor& request) {
    session.limit_time(k_for_requests);
    HurriedRunner runner(*session.surroundings().process, *session.surroundings().clock,
                         k_for_programs);
    auto surroundings = session.surroundings();
    surroundings.process = &runner;
    std::vector<Finding> findings = {check_settings(session.settings())};
    auto python = check_python(surroundings, session.settings());
    append(findings, std::move(python.findings));
    append(findings, check_deployment(session, python.environment, request.write));
    findings.push_back(check_disk(session));
    findings.push_back(check_leftovers(session));
    session.reporter().finish();
    if (const int signal = session.surroundings().interrupt->signal()) {
        return base::fail(base::interruption(signal));
    }
    return findings_outcome(findings);
}

}  // namespace genevactl::run
