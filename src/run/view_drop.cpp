// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/run/view_create.hpp"
#include "inputs.hpp"
#include "view_documents.hpp"
#include "view_live.hpp"

namespace genevactl::run {

using base::ErrorKind;

namespace {

struct DroppedView {
    model::ObjectId id;
    std::int64_t rows = 0;
};

/// The views that are named, each once; an error if one is none, or is being refreshed.
base::Result<std::vector<DroppedView>> views_of(Session& session, ns::Client& client,
                                                const std::vector<model::ObjectId>& ids) {
    std::vector<DroppedView> views;
    for (const auto& id : ids) {
        GENEVACTL_TRY(const auto table, describe(client, id, "view"));
        if (!table.is_view()) {
            return base::fail(ErrorKind::usage, fmt::format("{} is a table and no view", id.text()),
                              "genevactl drops no tables: Connection.drop_table of the Python "
                              "client does");
        }
        GENEVACTL_CHECK(check_no_refresh(session, client, id));
        GENEVACTL_TRY(const auto rows, client.count_rows(id));
        views.push_back({id, rows});
    }
    return views;
}

model::Outcome dropped(const std::vector<DroppedView>& views, bool dry_run) {
    auto document = versioned();
    document["action"] = "dropped";
    document["dry_run"] = dry_run;
    document["views"] = Json::array();
    std::vector<std::string> names;
    for (const auto& view : views) {
        document["views"].push_back({{"view", view.id.text()}, {"rows", view.rows}});
        names.push_back(view.id.text());
    }
    auto outcome = outcome_of(document, "",
                              {model::Text{{fmt::format("{} {}", dry_run ? "would drop" : "dropped",
                                                        base::join(names, ", "))}}});
    outcome.names = names;
    return outcome;
}

std::string with_rows(const std::vector<DroppedView>& views) {
    std::vector<std::string> texts;
    for (const auto& view : views) {
        texts.push_back(fmt::format("{} ({})", view.id.text(), base::plural(view.rows, "row")));
    }
    return base::join(texts, ", ");
}

}  // namespace

Answer view_drop(Session& session, const ViewDrop& request) {
    std::vector<model::ObjectId> ids;
    for (const auto& name : request.names) {
        GENEVACTL_TRY(auto id, model::ObjectId::parse(name));
        if (std::ranges::find(ids, id) == ids.end()) ids.push_back(std::move(id));
    }
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_TRY(const auto views, views_of(session, *client, ids));
    if (request.dry_run) return dropped(views, true);
    if (!request.yes) {
        return base::fail(
            ErrorKind::usage,
            fmt::format("this would drop {} with definition and rows", with_rows(views)),
            "add --yes to do it");
    }
    std::vector<std::string> done;
    for (const auto& view : views) {
        if (auto gone = ns::drop_table(*client, view.id); !gone) {
            auto error = std::move(gone).error();
            if (!done.empty()) error.message += "; dropped before: " + base::join(done, ", ");
            return base::fail(std::move(error));
        }
        done.push_back(view.id.text());
    }
    return dropped(views, false);
}

}  // namespace genevactl::run
