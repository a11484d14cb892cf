// SPDX-License-Identifier: Apache-2.0
#include "maker.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"

namespace genevactl::plan {

const model::TableDescription* Maker::table(const model::ObjectId& id) const {
    const auto* made = making(id);
    const auto found = seen.tables.find(id.text());
    const bool there = found != seen.tables.end() && made == nullptr;
    return there ? &found->second : nullptr;
}

const std::vector<model::JobRecord>& Maker::jobs(const model::ObjectId& id) const {
    static const std::vector<model::JobRecord> none;
    const auto found = seen.jobs.find(id.text());
    return found == seen.jobs.end() ? none : found->second;
}

const Step* Maker::making(const model::ObjectId& view) const {
    for (const auto& step : plan.steps) {
        const bool makes =
            step.action == Action::create_view || step.action == Action::recreate_view;
        if (makes && step.table == view) return &step;
    }
    return nullptr;
}

const WantedView* Maker::wanted_view(const model::ObjectId& id) const {
    const auto found = std::ranges::find(wanted.views, id, &WantedView::name);
    return found == wanted.views.end() ? nullptr : &*found;
}

void Maker::stop(std::string target, base::ErrorKind kind, std::string message, std::string hint) {
    plan.obstacles.push_back(
        {std::move(target),
         {.kind = kind, .message = std::move(message), .hint = std::move(hint)}});
}

Compared compare_identities(const std::string& kept, const std::string& local) {
    const auto version = [](const std::string& identity) {
        return identity.substr(0, identity.find(':'));
    };
    if (kept.empty() || local.empty() || version(kept) != version(local)) {
        return Compared::unknown;
    }
    return kept == local ? Compared::same : Compared::differs;
}

std::optional<std::string> manifest_drift(const std::optional<model::PinnedManifest>& pinned,
                                          const std::optional<model::PinnedManifest>& local) {
    if (!pinned && !local) {
        return std::nullopt;
    }
    if (!pinned) {
        return fmt::format("pinned to none, local definition {}", short_text(local));
    }
    if (!local) {
        return fmt::format("pinned {}, no local definition", short_text(pinned));
    }
    if (pinned->checksum == local->checksum) {
        return std::nullopt;
    }
    const auto definition =
        pinned->name == local->name ? fmt::format("@{:.8}", local->checksum) : short_text(local);
    return fmt::format("pinned {}, local definition {}", short_text(pinned), definition);
}

std::string short_identity(const std::string& identity) {
    const auto colon = identity.find(':');
    constexpr std::size_t k_digits = 8;
    return identity.substr(0, colon == std::string::npos ? k_digits : colon + 1 + k_digits);
}

void plan_uploads(Maker& maker) {
    for (const auto& upload : maker.wanted.uploads) {
        const auto pins = [&](const Step& step) {
            return step.after && step.after->checksum == upload.checksum;
        };
        if (std::ranges::any_of(maker.plan.steps, pins)) {
            maker.add({.action = Action::upload,
                       .manifest = upload.manifest,
                       .reason = fmt::format(
                           "{} of it {} not at the deployment",
                           base::plural(static_cast<long long>(upload.archives), "archive"),
                           upload.archives == 1 ? "is" : "are"),
                       .bytes = upload.bytes});
        }
    }
}

namespace {

/// Does the view take the column along from its source, with the source's registration?
bool is_inherited(const Maker& maker, const model::TableDescription& view,
                  const model::Field& field) {
    const auto definition = model::view_definition(view.schema);
    const auto source =
        definition ? maker.seen.tables.find(definition->source.text()) : maker.seen.tables.end();
    if (source == maker.seen.tables.end()) {
        return definition.has_value();
    }
    const auto snapshot = model::column_snapshot(field);
    return std::ranges::any_of(source->second.schema.fields, [&](const model::Field& theirs) {
        const auto original = model::column_snapshot(theirs);
        return original && original->udf == snapshot->udf &&
               original->udf_name == snapshot->udf_name;
    });
}

void add_unlisted(Maker& maker, Unlisted unlisted) {
    const auto text = unlisted.text();
    if (maker.options.selects && !maker.options.selects(text)) {
        return;
    }
    if (maker.options.prune) {
        maker.add({.action = unlisted.columns.empty() ? Action::drop_view : Action::drop_column,
                   .table = unlisted.table,
                   .columns = unlisted.columns,
                   .reason = "is not in the file",
                   .before = unlisted.manifest});
    }
    maker.plan.unlisted.push_back(std::move(unlisted));
}

void add_columns_of(Maker& maker, const model::TableDescription& table) {
    std::set<std::string> told;
    for (const auto& field : table.schema.fields) {
        const auto snapshot = model::column_snapshot(field);
        if (!snapshot || told.contains(field.name) ||
            (table.is_view() && is_inherited(maker, table, field))) {
            continue;
        }
        auto columns = model::sibling_columns(table.schema, field.name);
        told.insert(columns.begin(), columns.end());
        const auto listed = [&](const std::string& column) {
            return maker.options.listed.contains(table.id.text() + "." +
                                                 model::FieldPath{{column}}.text());
        };
        if (std::ranges::none_of(columns, listed)) {
            add_unlisted(maker, {.table = table.id,
                                 .columns = std::move(columns),
                                 .made_by = snapshot->udf_name,
                                 .manifest = snapshot->manifest});
        }
    }
}

}  // namespace

void plan_unlisted(Maker& maker) {
    for (const auto& [name, table] : maker.seen.tables) {
        const bool is_listed = maker.options.listed.contains(name);
        const auto definition = model::view_definition(table.schema);
        if (definition && !is_listed) {
            add_unlisted(maker, {.table = table.id,
                                 .made_by = definition->transform ? definition->transform->name
                                                                  : std::string("query"),
                                 .manifest = definition->manifest});
        } else if (maker.making(table.id) == nullptr) {
            add_columns_of(maker, table);
        }
    }
}

}  // namespace genevactl::plan
