// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "documents.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/run/verbs.hpp"
#include "identity.hpp"
#include "inputs.hpp"
#include "same_type.hpp"

namespace genevactl::run {

using base::ErrorKind;

namespace {

/// The names of a ColumnRegister, parsed; checked before anything else.
struct Target {
    model::ObjectId table;
    model::FieldPath column;
};

base::Result<Target> target_of(const ColumnRegister& request) {
    Target target;
    GENEVACTL_TRY(target.table, model::ObjectId::parse(request.table));
    GENEVACTL_TRY(target.column, model::FieldPath::parse(request.column));
    if (target.column.parts.size() > 1) {
        return base::fail(
            ErrorKind::usage,
            fmt::format("{}: only a column of the table itself can be computed, not a field inside "
                        "one",
                        request.column),
            "a name that has a dot goes in backticks: '`a.b`'");
    }
    if (request.target.has_value() == request.expression.has_value()) {
        return base::fail(ErrorKind::usage,
                          "give either a transform (MODULE:OBJECT) or --expression SQL");
    }
    if (request.expression && (request.manifest || request.input_columns)) {
        return base::fail(
            ErrorKind::usage,
            "--manifest and --input-columns belong to a transform: an SQL expression runs in the "
            "deployment itself");
    }
    return target;
}

base::Result<bridge::TransformRequest> transform_request(const Session& session,
                                                         const ColumnRegister& request,
                                                         const Target& target) {
    bridge::TransformRequest asked{.target = *request.target, .with_payload = true};
    if (request.manifest) {
        GENEVACTL_TRY(asked.manifest, read_manifest(session, *request.manifest));
    }
    asked.replace_pinned = request.replace_pinned;
    asked.input_columns = request.input_columns;
    asked.column = target.column.parts.front();
    return asked;
}

base::Status check_inputs(const model::TableDescription& table,
                          const model::TransformDescription& transform) {
    for (const auto& input : transform.inputs) {
        GENEVACTL_TRY(auto path, model::FieldPath::parse(input));
        auto field = find_column(table, path);
        if (!field) {
            return base::fail(std::move(field).error().while_doing(
                fmt::format("checking the inputs of {}", transform.target)));
        }
    }
    return {};
}

base::Status check_is_udf(const model::TransformDescription& transform) {
    if (transform.kind != "udf") {
        return base::fail(ErrorKind::usage,
                          fmt::format("{} is a {}: it makes a view, not a column", transform.target,
                                      transform.kind),
                          "a column is computed by a function decorated with @geneva.udf");
    }
    if (transform.outputs.size() != 1) {
        return base::fail(
            ErrorKind::failed,
            fmt::format("{} has {} outputs: this version registers transforms of one output",
                        transform.target, transform.outputs.size()),
            "return one struct, or register one function for each column");
    }
    return {};
}

/// What the bridge found worth a warning about how the transform travels.
void warn_of_pickling(Session& session, const model::TransformDescription& transform) {
    const auto document = Json::parse(transform.document, nullptr, false);
    const auto pickling =
        document.is_object() ? document.value("pickling", Json::object()) : Json();
    for (const auto& warning : pickling.value("warnings", Json::array())) {
        session.reporter().warn(warning.is_string() ? warning.get<std::string>() : dump(warning),
                                "");
    }
}

/// The transform, checked against the table; its manifest is the one that will be pinned.
base::Result<model::TransformDescription> prepare(Session& session, const ColumnRegister& request,
                                                  const Target& target,
                                                  const model::TableDescription& table) {
    GENEVACTL_TRY(auto asked, transform_request(session, request, target));
    GENEVACTL_TRY(auto interpreter, session.interpreter());
    session.reporter().step(
        fmt::format("reading {} with {}", *request.target, interpreter.executable.string()));
    auto transform = bridge::describe_transform(session.surroundings(), interpreter, asked);
    session.reporter().finish();
    if (!transform) {
        return base::fail(std::move(transform).error());
    }
    if (asked.manifest) {
        transform->manifest = model::PinnedManifest{.name = asked.manifest->manifest.name,
                                                    .checksum = asked.manifest->manifest.checksum,
                                                    .json = asked.manifest->json};
    }
    warn_of_pickling(session, *transform);
    GENEVACTL_CHECK(check_is_udf(*transform));
    GENEVACTL_CHECK(check_inputs(table, *transform));
    return std::move(*transform);
}

/// What a registration did (or, for a dry run, would do).
model::Outcome registration(const Target& target, std::string_view verb,
                            const model::TransformDescription& transform,
                            const std::optional<Registered>& registered) {
    auto document = versioned();
    document["table"] = target.table.text();
    document["column"] = target.column.text();
    document["action"] = verb;
    document["dry_run"] = !registered.has_value();
    document["version"] = registered ? Json(registered->version) : Json(nullptr);
    document["identity_kept"] = registered ? Json(registered->identity_kept) : Json(nullptr);
    document["manifest"] = transform.manifest ? to_json(*transform.manifest) : Json(nullptr);
    document["transform"] = Json::parse(transform.document, nullptr, false);
    const auto name = target.table.text() + "." + target.column.text();
    model::Properties properties;
    auto add = [&](std::string label, std::string text) {
        properties.rows.emplace_back(std::move(label), model::Cell{std::move(text)});
    };
    add(registered ? std::string(verb) : fmt::format("would be {}", verb), name);
    add("transform", fmt::format("{} ({})", transform.target, transform.name));
    add("identity", transform.identity);
    add("type", transform.outputs.front().type);
    add("inputs", base::join(transform.inputs, ", "));
    add("manifest", short_manifest(transform.manifest));
    add("travels", fmt::format("{} ({})", transform.pickling_mode, transform.pickling_reason));
    if (registered) {
        add("table version", std::to_string(registered->version));
    }
    return outcome_of(document, name, {std::move(properties)});
}

Answer add_expression(ns::Client& client, const ColumnRegister& request, const Target& target) {
    auto document = versioned();
    document["table"] = target.table.text();
    document["column"] = target.column.text();
    document["action"] = "added";
    document["dry_run"] = request.dry_run;
    document["expression"] = *request.expression;
    document["version"] = nullptr;
    const auto name = target.table.text() + "." + target.column.text();
    if (!request.dry_run) {
        GENEVACTL_TRY(const auto version,
                      client.add_columns(target.table, {{.name = target.column.parts.front(),
                                                         .expression = request.expression}}));
        document["version"] = version;
    }
    const auto said = fmt::format("{} {} = {}", request.dry_run ? "would add" : "added", name,
                                  *request.expression);
    return outcome_of(document, name, {model::Text{{said}}});
}

base::Status check_is_new(const model::TableDescription& table, const Target& target,
                          const ColumnRegister& request) {
    if (table.schema.find(target.column) == nullptr) {
        return {};
    }
    const auto change =
        request.target
            ? fmt::format(
                  "to point it at another transform or manifest: genevactl column alter {} {} "
                  "{} [--manifest FILE]",
                  request.table, base::shell_quote(request.column), *request.target)
            : "choose another name";
    return base::fail(ErrorKind::conflict,
                      fmt::format("{} already has a column {}", request.table, request.column),
                      change);
}

/// Re-pointing changes no value: says how many rows keep the old one.
void say_values_kept(Session& session, ns::Client& client, const Target& target) {
    const auto column = target.column.text();
    const auto kept = client.count_rows(target.table, fmt::format("{} IS NOT NULL", column));
    if (!kept) {
        session.reporter().warn(
            fmt::format("could not count the rows that keep their old values: {}",
                        kept.error().message),
            "");
    } else if (*kept > 0) {
        session.reporter().warn(
            fmt::format("old values kept: {}", base::plural(*kept, "row")),
            fmt::format("recompute them with `genevactl backfill {} {} --force`",
                        target.table.text(), base::shell_quote(column)));
    }
}

base::Status check_same_type(const model::Field& field,
                             const model::TransformDescription& transform) {
    const auto& output = transform.outputs.front();
    if (same_type(field.type, output.type)) {
        return {};
    }
    return base::fail(
        ErrorKind::conflict,
        fmt::format("{} gives {}, the column is {}", transform.target, output.type, field.type),
        "a column keeps its type: add another column for the new one");
}

}  // namespace

Answer column_add(Session& session, const ColumnRegister& request) {
    GENEVACTL_TRY(auto target, target_of(request));
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_TRY(auto table, describe(*client, target.table));
    GENEVACTL_CHECK(check_is_new(table, target, request));
    if (request.expression) {
        return add_expression(*client, request, target);
    }
    GENEVACTL_TRY(auto transform, prepare(session, request, target, table));
    if (request.dry_run) {
        return registration(target, "added", transform, std::nullopt);
    }
    GENEVACTL_TRY(auto registered, register_with_identity(
                                       session, target.table, target.column, transform.identity,
                                       transform.virtual_column, [&](const std::string& entry) {
                                           return client->add_columns(
                                               target.table, {{.name = target.column.parts.front(),
                                                               .virtual_column = entry}});
                                       }));
    return registration(target, "added", transform, registered);
}

Answer column_alter(Session& session, const ColumnRegister& request) {
    GENEVACTL_TRY(auto target, target_of(request));
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_TRY(auto table, describe(*client, target.table));
    GENEVACTL_TRY(const auto before, computed_column(table, target.column));
    GENEVACTL_TRY(auto transform, prepare(session, request, target, table));
    if (before.manifest && !transform.manifest) {
        session.reporter().warn(
            fmt::format("the column was pinned to {}; it will have no manifest of its own",
                        short_manifest(before.manifest)),
            "give the manifest again with --manifest FILE to keep it");
    }
    GENEVACTL_CHECK(check_same_type(*table.schema.find(target.column), transform));
    if (request.dry_run) {
        return registration(target, "altered", transform, std::nullopt);
    }
    GENEVACTL_TRY(
        auto registered,
        register_with_identity(session, target.table, target.column, transform.identity,
                               transform.alter_virtual_column, [&](const std::string& entry) {
                                   return client->alter_columns(
                                       target.table,
                                       {{.path = target.column.text(), .virtual_column = entry}});
                               }));
    say_values_kept(session, *client, target);
    return registration(target, "altered", transform, registered);
}

Answer column_show(Session& session, const TableColumn& request) {
    GENEVACTL_TRY(auto id, model::ObjectId::parse(request.table));
    GENEVACTL_TRY(auto column, model::FieldPath::parse(request.column));
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_TRY(auto table, describe(*client, id));
    GENEVACTL_TRY(const auto* field, find_column(table, column));
    const auto snapshot = model::column_snapshot(*field);
    auto document = versioned();
    document["table"] = id.text();
    document.update(to_json(*field));
    document["computed"] = snapshot ? to_json(*snapshot) : Json(nullptr);
    model::Properties properties;
    auto add = [&](std::string label, std::string text) {
        properties.rows.emplace_back(std::move(label), model::Cell{std::move(text)});
    };
    add("column", id.text() + "." + column.text());
    add("type", field->type + (field->nullable ? "" : ", not null"));
    if (!snapshot) {
        add("computed", "no: a plain column");
    } else {
        add("udf", snapshot->udf_name);
        add("identity", snapshot->identity.empty() ? "unknown" : snapshot->identity);
        add("inputs", base::join(snapshot->inputs, ", "));
        add("manifest", snapshot->manifest ? snapshot->manifest->name : "none");
        if (snapshot->manifest) {
            add("checksum", snapshot->manifest->checksum);
        }
        add("registered from", fmt::format("{} {}, Python {}", snapshot->platform_system,
                                           snapshot->platform_arch, snapshot->platform_python));
        add("payload", snapshot->udf);
    }
    return outcome_of(document, field->name, {std::move(properties)});
}

Answer column_list(Session& session, const TableColumn& request) {
    GENEVACTL_TRY(auto id, model::ObjectId::parse(request.table));
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_TRY(auto table, describe(*client, id));
    std::vector<Json> items;
    model::Table rows{.headings = {"COLUMN", "TYPE", "COMPUTED BY", "INPUTS", "MANIFEST"}};
    rows.when_empty = fmt::format("{} has no columns", id.text());
    for (const auto& field : table.schema.fields) {
        const auto snapshot = model::column_snapshot(field);
        auto item = versioned();
        item["table"] = id.text();
        item.update(to_json(field));
        item["computed"] = snapshot ? to_json(*snapshot) : Json(nullptr);
        items.push_back(std::move(item));
        rows.rows.push_back({{field.name, model::Tone::strong},
                             {field.type},
                             {snapshot ? snapshot->udf_name : "-"},
                             {snapshot ? base::join(snapshot->inputs, ", ") : "-"},
                             {snapshot ? short_manifest(snapshot->manifest) : "-"}});
    }
    return list_outcome(items, table.schema.names(), std::move(rows));
}

}  // namespace genevactl::run
