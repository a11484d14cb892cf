// SPDX-License-Identifier: Apache-2.0
#include "view_documents.hpp"

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "last_jobs.hpp"

namespace genevactl::run {

namespace {

Json columns_json(const std::optional<std::vector<model::ViewColumn>>& columns) {
    if (!columns) return nullptr;
    auto list = Json::array();
    for (const auto& column : *columns) {
        list.push_back({{"name", column.name}, {"expression", column.expression}});
    }
    return list;
}

model::Properties properties_of_view(const PreparedView& view, std::string_view action,
                                     const std::optional<MadeView>& made) {
    model::Properties properties;
    auto add = [&](std::string label, std::string text) {
        properties.rows.emplace_back(std::move(label), model::Cell{std::move(text)});
    };
    add(made ? std::string(action) : fmt::format("would be {}", action), view.spec.name.text());
    add("kind", std::string(model::name_of(view.spec.kind)));
    add("source", fmt::format("{} (version {})", view.spec.source.text(), view.source_version));
    add("selects", selected(view.spec.columns));
    if (view.spec.where) {
        add("where", *view.spec.where);
    }
    if (const auto& transform = view.built.transform) {
        add("transform", fmt::format("{} ({})", transform->target, transform->name));
        add("inputs", base::join(transform->inputs, ", "));
        add("travels",
            fmt::format("{} ({})", transform->pickling_mode, transform->pickling_reason));
    }
    if (view.spec.kind != model::ViewKind::query) {
        add("identity", view.identity.empty() ? "unknown" : view.identity);
        add("manifest", short_manifest(view.manifest));
    }
    std::vector<std::string> columns;
    for (const auto& column : view.built.columns) {
        columns.push_back(column.name + ": " + column.type);
    }
    add("columns", base::join(columns, ", "));
    if (made) {
        add("view version", std::to_string(made->created.version));
        if (made->created.job_id) {
            add("job", *made->created.job_id);
        }
    }
    return properties;
}

}  // namespace

Json view_document(const model::ObjectId& view, std::string_view action, bool dry_run) {
    auto document = versioned();
    document["view"] = view.text();
    document["action"] = action;
    document["dry_run"] = dry_run;
    return document;
}

model::Outcome made_outcome(const PreparedView& view, std::string_view action,
                            const std::optional<MadeView>& made,
                            std::optional<std::int64_t> rows_before) {
    auto document = view_document(view.spec.name, action, !made.has_value());
    document["kind"] = model::name_of(view.spec.kind);
    document["source"] = view.spec.source.text();
    document["source_version"] = view.source_version;
    document["select"] = columns_json(view.spec.columns);
    document["where"] = view.spec.where ? Json(*view.spec.where) : Json(nullptr);
    document["columns"] = Json::array();
    for (const auto& column : view.built.columns) {
        document["columns"].push_back({{"name", column.name}, {"type", column.type}});
    }
    document["transform"] = view.built.transform
                                ? Json::parse(view.built.transform->document, nullptr, false)
                                : Json(nullptr);
    document["identity"] = view.identity.empty() ? Json(nullptr) : Json(view.identity);
    document["manifest"] = view.manifest ? to_json(*view.manifest) : Json(nullptr);
    document["version"] = made ? Json(made->created.version) : Json(nullptr);
    document["job_id"] = made && made->created.job_id ? Json(*made->created.job_id) : Json(nullptr);
    document["identity_kept"] = made ? Json(made->identity_kept) : Json(nullptr);
    document["pinned_version"] =
        made && made->pinned_version ? Json(*made->pinned_version) : Json(nullptr);
    document["rows_before"] = rows_before ? Json(*rows_before) : Json(nullptr);
    return outcome_of(document, view.spec.name.text(), {properties_of_view(view, action, made)});
}

std::string kind_of(const model::TableDescription& table) {
    const auto definition = model::view_definition(table.schema);
    return definition ? fmt::format("a {} view of {}", model::name_of(definition->kind),
                                    definition->source.text())
                      : "a table";
}

std::string selected(const std::optional<std::vector<model::ViewColumn>>& columns) {
    if (!columns) return "every column";
    std::vector<std::string> texts;
    for (const auto& column : *columns) {
        texts.push_back(column.text());
    }
    return base::join(texts, ", ");
}

void say_what_fills(Session& session, const model::ObjectId& view, const ns::CreatedView& created) {
    if (created.job_id) {
        remember_jobs(session, {*created.job_id});
        session.reporter().note(
            fmt::format("job {0} fills it: genevactl job wait {0}", *created.job_id));
        return;
    }
    session.reporter().note(
        fmt::format("it has no rows yet: genevactl refresh {}", base::shell_quote(view.text())));
}

}  // namespace genevactl::run
