// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "maker.hpp"

namespace genevactl::plan {

using base::ErrorKind;

namespace {

std::vector<std::string> texts_of(const std::vector<model::ViewColumn>& columns) {
    std::vector<std::string> texts;
    for (const auto& column : columns) {
        texts.push_back(column.text());
    }
    return texts;
}

/// Are the columns of a view those that the file wants?
bool same_columns(const model::ViewDefinition& definition, const WantedView& view,
                  const model::TableDescription* source) {
    if (!view.select.empty()) {
        return definition.columns && texts_of(*definition.columns) == texts_of(view.select);
    }
    if (!definition.columns || view.kind != model::ViewKind::query) {
        return true;  // what a chunker or udtf view takes along by itself is its maker's business
    }
    return source != nullptr && texts_of(*definition.columns) == source->schema.names();
}

std::string or_none(const std::string& text) {
    return text.empty() ? "none" : text;
}

/// What of a view is not as the file and the code have it; empty if all is.
std::vector<std::string> drifts(const model::ViewDefinition& definition, const WantedView& view,
                                const model::TableDescription* source) {
    std::vector<std::string> reasons;
    const auto differs = [&](std::string_view what, const std::string& is,
                             const std::string& wanted) {
        if (is != wanted) {
            reasons.push_back(
                fmt::format("{}: {}, the file says {}", what, or_none(is), or_none(wanted)));
        }
    };
    differs("kind", std::string(model::name_of(definition.kind)),
            std::string(model::name_of(*view.kind)));
    differs("source", definition.source.text(), view.source.text());
    if (!reasons.empty()) {
        return reasons;
    }
    if (!same_columns(definition, view, source)) {
        differs("columns",
                definition.columns ? base::join(texts_of(*definition.columns), ", ") : "",
                view.select.empty() ? "every column of the source"
                                    : base::join(texts_of(view.select), ", "));
    }
    differs("where", std::string(base::trim(definition.where)),
            std::string(base::trim(view.where)));
    if (view.transform && definition.transform) {
        if (*view.kind == model::ViewKind::udtf && !view.partition_by.empty()) {
            differs("partition_by", definition.transform->partition_by, view.partition_by);
        }
        const auto compared = compare_identities(definition.identity, view.transform->identity);
        if (compared == Compared::differs) {
            reasons.push_back(fmt::format("{} changed ({}, registered {})", view.transform->target,
                                          short_identity(view.transform->identity),
                                          short_identity(definition.identity)));
        } else if (compared == Compared::unknown &&
                   definition.transform->name != view.transform->name) {
            reasons.push_back(fmt::format("made by {}, the file says {} ({})",
                                          definition.transform->name, view.transform->target,
                                          view.transform->name));
        }
    }
    if (auto drift = manifest_drift(definition.manifest, view.manifest)) {
        reasons.push_back(std::move(*drift));
    }
    return reasons;
}

void add_making(Maker& maker, std::size_t index, Action action, std::string reason) {
    const auto& view = maker.wanted.views[index];
    maker.add({.action = action,
               .table = view.name,
               .reason = std::move(reason),
               .after = view.manifest,
               .wanted = index});
}

void add_refresh(Maker& maker, std::size_t index, std::string reason,
                 const model::JobRecord* live) {
    maker.add({.action = Action::refresh,
               .table = maker.wanted.views[index].name,
               .reason = std::move(reason),
               .follows = live == nullptr ? std::string() : live->id,
               .wanted = index});
}

void stop_for_live(Maker& maker, const WantedView& view, const model::JobRecord& job,
                   std::string_view why) {
    maker.stop(view.name.text(), ErrorKind::conflict,
               fmt::format("job {} of it is {}: {}", job.id, model::name_of(job.status), why),
               fmt::format("wait for it (genevactl job wait {0}) or cancel it (genevactl job "
                           "cancel {0})",
                           job.id));
}

const model::JobRecord* live_job(const Maker& maker, const model::ObjectId& id) {
    for (const auto& job : maker.jobs(id)) {
        if (job.status == model::JobStatus::pending || job.status == model::JobStatus::running) {
            return &job;
        }
    }
    return nullptr;
}

void compare(Maker& maker, std::size_t index, const model::TableDescription& table) {
    const auto& view = maker.wanted.views[index];
    const auto definition = model::view_definition(table.schema);
    if (!definition) {
        maker.stop(view.name.text(), ErrorKind::conflict, "it is a table, not a view",
                   "choose another name for the view in the file");
        return;
    }
    if (!view.kind) {
        return;
    }
    const auto reasons = drifts(*definition, view, maker.table(view.source));
    if (view.transform &&
        compare_identities(definition->identity, view.transform->identity) == Compared::unknown) {
        maker.note(
            fmt::format("{}: was made without an identity that can be compared: whether {} "
                        "changed since cannot be told",
                        view.name.text(), view.transform->target));
    }
    if (reasons.empty()) {
        return;
    }
    if (const auto* job = live_job(maker, view.name)) {
        stop_for_live(maker, view, *job, "it must not be made anew meanwhile");
        return;
    }
    add_making(maker, index, Action::recreate_view, base::join(reasons, "; "));
    maker.plan.steps.back().before = definition->manifest;
    maker.plan.steps.back().rows = table.rows;
}

}  // namespace

void plan_view(Maker& maker, std::size_t index) {
    const auto& view = maker.wanted.views[index];
    const auto* table = maker.table(view.name);
    maker.plan.facts.push_back(facts_of(view, table));
    if (table != nullptr) {
        compare(maker, index, *table);
    } else if (!view.kind) {
        maker.stop(view.name.text(), ErrorKind::not_found, "it is to be kept, and is not there",
                   fmt::format("give its source and kind at {}", view.place));
    } else if (maker.table(view.source) == nullptr && maker.wanted_view(view.source) == nullptr) {
        maker.stop(view.name.text(), ErrorKind::not_found,
                   fmt::format("there is no table {}, its source", view.source.text()),
                   "make the table first; `genevactl table list` shows those that are there");
    } else {
        add_making(maker, index, Action::create_view, "is not there");
    }
}

void plan_refresh(Maker& maker, std::size_t index) {
    const auto& view = maker.wanted.views[index];
    if (view.due == project::Due::never) {
        return;
    }
    if (maker.making(view.name) != nullptr) {
        add_refresh(maker, index, "it has no rows yet", nullptr);
        return;
    }
    const auto* table = maker.table(view.name);
    const auto definition = table == nullptr ? std::nullopt : model::view_definition(table->schema);
    if (!definition) {
        return;
    }
    const Snapshot present{.registration = model::registration_of(table->schema.metadata),
                           .manifest = definition->manifest};
    const auto coverage = coverage_of(maker.jobs(view.name), present);
    auto reason = due_reason(coverage, present);
    if (!reason && view.due == project::Due::always) {
        reason = "the file says refresh = \"always\"";
    }
    if (!reason) {
        if (!coverage.doubt.empty()) {
            maker.note(
                fmt::format("{}: counts as refreshed: {}", view.name.text(), coverage.doubt));
        }
        return;
    }
    if (coverage.live == nullptr && coverage.other != nullptr) {
        stop_for_live(maker, view, *coverage.other, "it is no refresh of the present snapshot");
        return;
    }
    add_refresh(maker, index, std::move(*reason), coverage.live);
}

}  // namespace genevactl::plan
