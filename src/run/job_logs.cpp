// SPDX-License-Identifier: Apache-2.0
#include <map>

#include <fmt/format.h>

#include "documents.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/namespace/job_output.hpp"
#include "genevactl/run/jobs.hpp"
#include "live_job.hpp"

namespace genevactl::run {

using base::ErrorKind;

namespace {

struct Line {
    std::string source;
    std::string text;
};

/// Progress bars write a line again and again: what stands at its end is what a terminal would
/// show.
std::string last_state(std::string_view line) {
    while (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    return std::string(line.substr(line.rfind('\r') + 1));
}

/// What the processes of a job printed, line by line; no line twice, none in pieces.
class OutputListing final : public model::Listing {
public:
    OutputListing(Session& session, ns::Client& client, std::string id, bool follow)
        : m_session(session), m_client(client), m_id(std::move(id)), m_follow(follow) {}

    base::Status advance() override {
        m_lines.clear();
        while (m_lines.empty() && !m_over) {
            auto& clock = *m_session.surroundings().clock;
            if (m_looked && clock.sleep_for(m_session.settings().poll_interval.value)) {
                return base::fail(interrupted());
            }
            m_looked = true;
            auto output = ns::job_output(m_client, m_id, m_position);
            if (!output) {
                return base::fail(explained(std::move(output).error()));
            }
            take(*output);
        }
        return {};
    }
    std::size_t size() const override { return m_lines.size(); }
    std::string document(std::size_t index) const override {
        auto json = versioned();
        json["job_id"] = m_id;
        json["source"] = m_lines[index].source;
        json["line"] = m_lines[index].text;
        return dump(json);
    }
    /// Each source once.
    std::string name(std::size_t index) const override {
        return m_named.emplace(m_lines[index].source, true).second ? m_lines[index].source : "";
    }
    std::vector<model::Cell> row(std::size_t index) const override {
        const auto& line = m_lines[index];
        return {{line.source == "driver" ? line.text : line.source + " | " + line.text}};
    }

private:
    void take(const ns::JobOutput& output) {
        m_over = output.ended || !m_follow;
        if (!output.note.empty() && m_position.empty()) {
            m_session.reporter().note(output.note);
        }
        for (const auto& part : output.parts) {
            auto& begun = m_begun[part.source];
            if (part.skipped > 0) {
                begun.clear();
                m_lines.push_back(
                    {part.source, fmt::format("[… {} that the deployment does not keep]",
                                              base::plural(part.skipped, "character"))});
            }
            begun += part.text;
            m_position[part.source] = part.end;
            cut_lines(part.source, begun);
        }
        if (m_over) {
            for (auto& [source, begun] : m_begun) {
                if (!begun.empty()) m_lines.push_back({source, last_state(begun)});
                begun.clear();
            }
        }
    }
    void cut_lines(const std::string& source, std::string& begun) {
        std::size_t start = 0;
        for (auto end = begun.find('\n'); end != std::string::npos; end = begun.find('\n', start)) {
            m_lines.push_back(
                {source, last_state(std::string_view(begun).substr(start, end - start))});
            start = end + 1;
        }
        begun.erase(0, start);
    }
    base::Error explained(base::Error error) const {
        if (error.kind == ErrorKind::interrupted) return interrupted();
        if (error.kind == ErrorKind::not_found) {
            error.hint =
                "the record is there, the output is not: it is kept of the newest jobs "
                "that this deployment itself has run";
        }
        return error;
    }
    base::Error interrupted() const {
        return base::Error{.kind = m_session.surroundings().interrupt->signal() == 15
                                       ? ErrorKind::terminated
                                       : ErrorKind::interrupted,
                           .message = fmt::format("no longer following; {} goes on", m_id)};
    }

    Session& m_session;
    ns::Client& m_client;
    std::string m_id;
    bool m_follow;
    bool m_looked = false;
    bool m_over = false;
    ns::OutputPosition m_position = {};
    std::map<std::string, std::string> m_begun = {};  ///< by source: a line that has no end yet
    std::vector<Line> m_lines = {};
    mutable std::map<std::string, bool> m_named = {};
};

}  // namespace

Answer job_logs(Session& session, const JobLogs& request) {
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_TRY(const auto capabilities, client->capabilities());
    if (!capabilities.has("job-logs")) {
        const auto id = base::shell_quote(request.id);
        return base::fail(
            ErrorKind::failed, "this deployment does not give out through its API what jobs print",
            fmt::format("`genevactl job events {0}` and `genevactl job errors {0}` show what the "
                        "job's record has; the output itself is in the logs of the cluster that "
                        "runs it, which its operator can read",
                        id));
    }
    GENEVACTL_TRY(const auto record, existing_job(*client, request.id));
    const auto listing =
        std::make_shared<OutputListing>(session, *client, record.id, request.follow);
    GENEVACTL_CHECK(listing->advance());
    model::Outcome outcome{.is_list = true};
    outcome.listing = listing;
    outcome.blocks.emplace_back(model::Table{.headings = {""}, .when_empty = "no output"});
    return outcome;
}

}  // namespace genevactl::run
