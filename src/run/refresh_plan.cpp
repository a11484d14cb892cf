// SPDX-License-Identifier: Apache-2.0
#include "refresh_plan.hpp"

#include <fmt/format.h>

#include "decide.hpp"
#include "documents.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/namespace/views.hpp"
#include "live_job.hpp"
#include "view_state.hpp"

namespace genevactl::run {

using base::ErrorKind;
using model::ViewPinning;

namespace {

constexpr const char* k_refresh = "<refresh>";  // in the place of a column, as the engine writes it

base::Status check_limit(const PlannedRefresh& refresh) {
    const auto kind = refresh.view.definition.kind;
    if (refresh.parameters.output_limit && kind != model::ViewKind::chunker) {
        return base::fail(ErrorKind::usage,
                          fmt::format("--output-limit is for chunker views; {} is a {} view",
                                      refresh.view.table.id.text(), model::name_of(kind)));
    }
    return {};
}

base::Error pinned_elsewhere(const PlannedRefresh& refresh, std::int64_t wanted) {
    const auto& view = refresh.view;
    const auto source = view.definition.source.text();
    const auto pinned = *view.definition.source_version;
    const auto name = base::shell_quote(view.table.id.text());
    return {.kind = ErrorKind::usage,
            .message = fmt::format(
                "{0} is pinned to version {1} of {2}, whose rows have no stable ids: it cannot be "
                "refreshed to version {3}",
                view.table.id.text(), pinned, source, wanted),
            .hint = fmt::format(
                "`genevactl refresh {} --src-version {}`; for newer rows make {} with stable row "
                "ids and the view anew (`genevactl view show {}` has its definition)",
                name, pinned, source, name)};
}

/// A view that names the rows of its source by ids that move goes with one version alone.
base::Status check_version(ns::Client& client, const PlannedRefresh& refresh) {
    const auto& definition = refresh.view.definition;
    if (!refresh.source || !definition.source_version) return {};
    const auto wanted = refresh.parameters.src_version.value_or(refresh.source->version);
    if (wanted == *definition.source_version) return {};
    GENEVACTL_TRY(const auto pinning, pinning_of(client, refresh.view, refresh.source));
    if (pinning == ViewPinning::pinned) {
        return base::fail(pinned_elsewhere(refresh, wanted));
    }
    return {};
}

/// What the deployment refuses may be a view that turned out to be pinned: the version that it
/// takes is worth a hint.
base::Error about_version(base::Error error, const PlannedRefresh& refresh) {
    constexpr int k_invalid_input = 13;  // of the API's error codes
    const auto& definition = refresh.view.definition;
    if (error.api_code == k_invalid_input && error.hint.empty() && definition.source_version &&
        definition.pinning != ViewPinning::follows &&
        refresh.parameters.src_version != definition.source_version) {
        error.hint = fmt::format("genevactl refresh {} --src-version {}",
                                 base::shell_quote(refresh.view.table.id.text()),
                                 *definition.source_version);
    }
    return error;
}

/// The version of the source that the view will show, or null if the deployment decides.
Json version_asked(const PlannedRefresh& refresh) {
    if (refresh.parameters.src_version) return *refresh.parameters.src_version;
    return refresh.source ? Json(refresh.source->version) : Json(nullptr);
}

/// "chunks: refresh to version 5 of docs (2 versions, 40 rows behind)".
std::string sentence_of(const PlannedRefresh& refresh, const Staleness& staleness) {
    const auto version = version_asked(refresh);
    const auto& view = refresh.view;
    auto text = fmt::format("{}: would be refreshed to {} of {}", view.table.id.text(),
                            version.is_null() ? "the present version" : "version " + version.dump(),
                            view.definition.source.text());
    return fmt::format("{} ({})", text, in_words(staleness, view.definition));
}

base::Result<PlannedRefresh> planned(ns::Client& client, DescribedView view,
                                     std::optional<model::TableDescription> source,
                                     const model::RefreshParameters& parameters) {
    GENEVACTL_TRY(auto decision, decide_for_view(client, view, source, parameters.manifest));
    PlannedRefresh refresh{.view = std::move(view),
                           .source = std::move(source),
                           .decision = std::move(decision),
                           .parameters = parameters};
    GENEVACTL_CHECK(check_limit(refresh));
    GENEVACTL_CHECK(check_version(client, refresh));
    return refresh;
}

}  // namespace

base::Result<PlannedRefresh> plan_refresh(ns::Client& client, const model::ObjectId& view,
                                          const model::RefreshParameters& parameters) {
    GENEVACTL_TRY(auto described, describe_view(client, view));
    GENEVACTL_TRY(auto source, source_of(client, described));
    return planned(client, std::move(described), std::move(source), parameters);
}

base::Result<PlannedRefresh> plan_own_refresh(ns::Client& client, const model::ObjectId& view) {
    GENEVACTL_TRY(auto described, describe_view(client, view));
    GENEVACTL_TRY(auto source, source_of(client, described));
    GENEVACTL_TRY(const auto pinning, pinning_of(client, described, source));
    const bool is_new = !described.definition.refreshed_version;
    model::RefreshParameters parameters;
    if (pinning == ViewPinning::pinned || (pinning == ViewPinning::unknown && is_new)) {
        parameters.src_version = described.definition.source_version;
    }
    return planned(client, std::move(described), std::move(source), parameters);
}

Launch launch_of(ns::Client& client, const PlannedRefresh& refresh) {
    const auto& id = refresh.view.table.id;
    // The record that the Python client writes names neither the column nor the columns read.
    model::JobRecord record{.id = {},
                            .table = id.parts.back(),
                            .column = {},
                            .type = "BACKFILL",
                            .status = model::JobStatus::pending,
                            .config = "{}"};
    const auto is_same = [parameters = refresh.parameters](const model::JobRecord& live) {
        return same_parameters(live, parameters);
    };
    const auto start = [&client, refresh]() -> base::Result<std::string> {
        auto started = ns::refresh_view(client, refresh.view.table.id, refresh.parameters);
        if (!started) {
            return base::fail(about_version(std::move(started).error(), refresh));
        }
        return started;
    };
    return {.target = id.text(),
            .table = id,
            .columns = {k_refresh},
            .decision = refresh.decision,
            .record = std::move(record),
            .is_same = is_same,
            .start = start};
}

Answer dry_run(ns::Client& client, const std::vector<PlannedRefresh>& planned) {
    auto document = versioned();
    document["dry_run"] = true;
    document["jobs"] = Json::array();
    model::Outcome outcome;
    for (const auto& refresh : planned) {
        const auto& view = refresh.view;
        GENEVACTL_TRY(const auto staleness, staleness_of(client, view));
        auto entry = to_json(refresh.decision);
        entry["view"] = view.table.id.text();
        entry["kind"] = model::name_of(view.definition.kind);
        entry["src_version"] = version_asked(refresh);
        entry["staleness"] = to_json(staleness, view.definition);
        document["jobs"].push_back(std::move(entry));
        outcome.names.push_back(view.table.id.text());
        outcome.blocks.emplace_back(model::Text{{sentence_of(refresh, staleness)}});
        for (auto& block : blocks_of(refresh.decision)) {
            outcome.blocks.push_back(std::move(block));
        }
    }
    outcome.document = dump(document);
    return outcome;
}

}  // namespace genevactl::run
