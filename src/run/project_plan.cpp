// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <fmt/format.h>

#include "genevactl/base/files.hpp"
#include "genevactl/base/secret.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/run/project.hpp"
#include "inputs.hpp"
#include "plan_text.hpp"
#include "project_documents.hpp"
#include "project_session.hpp"

namespace genevactl::run {

base::Result<std::unique_ptr<MadePlan>> make_plan(Session& session, const ProjectChoice& choice) {
    auto made = std::make_unique<MadePlan>();
    GENEVACTL_TRY(auto file, project::load(session.surroundings()));
    made->surroundings = session.surroundings();
    made->surroundings.working_directory = file.path.parent_path();
    made->session =
        std::make_unique<Session>(made->surroundings, session.settings(), session.reporter());
    GENEVACTL_TRY(made->facts, gather_project(*made->session, std::move(file), choice));
    GENEVACTL_TRY(made->plan, plan_of(*made->session, made->facts));
    GENEVACTL_TRY(const auto* client, made->session->client());
    made->document = plan_document(made->plan, choice, client->connection().database,
                                   base::redact_url(client->connection().base_url));
    return made;
}

Answer project_plan(Session& session, const ProjectPlan& request) {
    GENEVACTL_TRY(const auto made, make_plan(session, request.choice));
    model::Outcome outcome{.document = dump(made->document)};
    for (const auto& step : made->plan.steps) {
        outcome.names.push_back(step.target());
    }
    outcome.blocks = blocks_of(made->plan, request.choice);
    if (request.out) {
        const auto file = from_working_directory(session, *request.out);
        GENEVACTL_CHECK(base::write_atomic(file, outcome.document + "\n"));
        session.reporter().note(fmt::format("the plan is in {}: `genevactl apply {}` does it",
                                            request.out->string(), request.out->string()));
    }
    if (request.exit_code && !made->plan.empty()) {
        outcome.ended = base::ErrorKind::changes_pending;
    }
    return outcome;
}

}  // namespace genevactl::run
