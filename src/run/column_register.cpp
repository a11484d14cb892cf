// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "documents.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/model/same_type.hpp"
#include "genevactl/run/verbs.hpp"
#include "identity.hpp"
#include "inputs.hpp"
#include "packed.hpp"
#include "prepare_transform.hpp"
#include "register_column.hpp"

namespace genevactl::run {

using base::ErrorKind;

namespace {

/// What a ColumnRegister names, parsed and read; checked before anything is sent.
struct Target {
    model::ObjectId table;
    /// None: the transform has several outputs and names their columns.
    std::optional<model::FieldPath> column = {};
    std::optional<model::ManifestDocument> manifest = {};  ///< to be pinned

    std::vector<std::string> full_names(const std::vector<std::string>& columns) const {
        std::vector<std::string> names;
        for (const auto& name : columns) {
            names.push_back(table.text() + "." + model::FieldPath{{name}}.text());
        }
        return names;
    }
};

base::Status check_combination(const ColumnRegister& request) {
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
    if (request.expression && request.column == k_named_by_transform) {
        return base::fail(ErrorKind::usage, "an SQL expression needs a column name",
                          "- stands for the names that a transform with several outputs gives");
    }
    return {};
}

base::Result<Target> target_of(const Session& session, const ColumnRegister& request) {
    Target target;
    GENEVACTL_TRY(target.table, model::ObjectId::parse(request.table));
    GENEVACTL_CHECK(check_combination(request));
    if (request.target) {
        GENEVACTL_CHECK(check_target(session, *request.target));
    }
    if (request.manifest) {
        GENEVACTL_TRY(target.manifest, read_public_manifest(session, *request.manifest));
    }
    if (request.column == k_named_by_transform) {
        return target;
    }
    GENEVACTL_TRY(target.column, model::FieldPath::parse(request.column));
    if (target.column->parts.size() > 1) {
        return base::fail(
            ErrorKind::usage,
            fmt::format("{}: only a column of the table itself can be computed, not a field inside "
                        "one",
                        request.column),
            "a name that has a dot goes in backticks: '`a.b`'");
    }
    return target;
}

/// The columns that the transform computes: the one that was named, or its own.
std::vector<std::string> columns_of(const Target& target,
                                    const model::TransformDescription& transform) {
    if (target.column) {
        return target.column->parts;
    }
    std::vector<std::string> columns;
    for (const auto& output : transform.outputs) {
        columns.push_back(output.column);
    }
    return columns;
}

/// "int64", or with several outputs "n: int64, up: string".
std::string types_of(const Target& target, const model::TransformDescription& transform) {
    if (target.column) {
        return transform.outputs.front().type;
    }
    std::vector<std::string> types;
    for (const auto& output : transform.outputs) {
        types.push_back(output.column + ": " + output.type);
    }
    return base::join(types, ", ");
}

Json registered(const Target& target, std::string_view verb, bool dry_run) {
    auto document = versioned();
    document["table"] = target.table.text();
    document["column"] = target.column ? Json(target.column->text()) : Json(nullptr);
    document["action"] = verb;
    document["dry_run"] = dry_run;
    return document;
}

/// What a registration did (or, for a dry run, would do).
model::Outcome registration(const Target& target, std::string_view verb,
                            const model::TransformDescription& transform,
                            const std::optional<Registered>& done) {
    const auto columns = columns_of(target, transform);
    auto document = registered(target, verb, !done.has_value());
    document["version"] = done ? Json(done->version) : Json(nullptr);
    document["identity_kept"] = done ? Json(done->identity_kept) : Json(nullptr);
    document["manifest"] = transform.manifest ? to_json(*transform.manifest) : Json(nullptr);
    document["transform"] = Json::parse(transform.document, nullptr, false);
    document["columns"] = columns;
    const auto names = target.full_names(columns);
    model::Properties properties;
    auto add = [&](std::string label, std::string text) {
        properties.rows.emplace_back(std::move(label), model::Cell{std::move(text)});
    };
    add(done ? std::string(verb) : fmt::format("would be {}", verb), base::join(names, ", "));
    add("transform", fmt::format("{} ({})", transform.target, transform.name));
    add("identity", transform.identity);
    add("type", types_of(target, transform));
    add("inputs", base::join(transform.inputs, ", "));
    add("manifest", short_manifest(transform.manifest));
    add("travels", fmt::format("{} ({})", transform.pickling_mode, transform.pickling_reason));
    if (done) {
        add("table version", std::to_string(done->version));
    }
    auto outcome = outcome_of(document, "", {std::move(properties)});
    outcome.names = names;
    return outcome;
}

Answer add_expression(ns::Client& client, const ColumnRegister& request, const Target& target) {
    auto document = registered(target, "added", request.dry_run);
    document["expression"] = *request.expression;
    document["version"] = nullptr;
    document["columns"] = target.column->parts;
    const auto name = target.table.text() + "." + target.column->text();
    if (!request.dry_run) {
        GENEVACTL_TRY(const auto version,
                      client.add_columns(target.table, {{.name = target.column->parts.front(),
                                                         .expression = request.expression}}));
        document["version"] = version;
    }
    const auto said = fmt::format("{} {} = {}", request.dry_run ? "would add" : "added", name,
                                  *request.expression);
    return outcome_of(document, name, {model::Text{{said}}});
}

base::Status check_is_new(const model::TableDescription& table, const std::string& column,
                          const ColumnRegister& request) {
    if (table.schema.find(column) == nullptr) {
        return {};
    }
    const bool repoint = request.target && request.column != k_named_by_transform;
    return base::fail(
        ErrorKind::conflict, fmt::format("{} already has a column {}", request.table, column),
        repoint ? fmt::format("to point it at another transform or manifest: genevactl column "
                              "alter {} {} {} [--manifest FILE]",
                              request.table, base::shell_quote(request.column), *request.target)
                : "choose another name");
}

/// The outputs of one transform are one registration, which neither the API nor the Python client
/// re-points.
base::Status check_is_alone(const model::TableDescription& table, const model::FieldPath& column,
                            const ColumnRegister& request) {
    const auto siblings = model::sibling_columns(table.schema, column.parts.front());
    if (siblings.size() == 1) {
        return {};
    }
    return base::fail(
        ErrorKind::conflict,
        fmt::format("{}.{} is one of several outputs of a transform ({}): they cannot be pointed "
                    "at another one",
                    request.table, request.column, base::join(siblings, ", ")),
        fmt::format("drop them (genevactl column drop {0} {1} --yes) and add them again (genevactl "
                    "column add {0} - {2})",
                    request.table, base::join(siblings, " "),
                    request.target.value_or("MODULE:OBJECT")));
}

/// Re-pointing changes no value: says how many rows keep the old one.
void say_values_kept(Session& session, ns::Client& client, const Target& target) {
    const auto column = target.column->text();
    const auto kept =
        client.count_rows(target.table, fmt::format("{} IS NOT NULL", target.column->quoted()));
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
    if (model::same_type(field.type, output.type)) {
        return {};
    }
    return base::fail(
        ErrorKind::conflict,
        fmt::format("{} gives {}, the column is {}", transform.target, output.type, field.type),
        "a column keeps its type: add another column for the new one");
}

}  // namespace

Answer column_add(Session& session, const ColumnRegister& request) {
    GENEVACTL_TRY(auto target, target_of(session, request));
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_TRY(auto table, describe(*client, target.table));
    if (target.column) {
        GENEVACTL_CHECK(check_is_new(table, target.column->parts.front(), request));
    }
    if (request.expression) {
        return add_expression(*client, request, target);
    }
    GENEVACTL_TRY(auto transform, prepare_transform(session, request, target.manifest, table));
    const auto columns = columns_of(target, transform);
    for (const auto& column : columns) {
        GENEVACTL_CHECK(check_is_new(table, column, request));
    }
    if (request.dry_run) {
        return registration(target, "added", transform, std::nullopt);
    }
    GENEVACTL_TRY(const auto done,
                  add_computed(session, *client, target.table, columns, transform));
    return registration(target, "added", transform, done);
}

Answer column_alter(Session& session, const ColumnRegister& request) {
    GENEVACTL_TRY(auto target, target_of(session, request));
    if (!target.column) {
        return base::fail(ErrorKind::usage, "column alter needs the name of a column",
                          "the outputs of one transform are dropped and added again");
    }
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_TRY(auto table, describe(*client, target.table));
    GENEVACTL_TRY(const auto before, computed_column(table, *target.column));
    GENEVACTL_CHECK(check_is_alone(table, *target.column, request));
    GENEVACTL_TRY(auto transform, prepare_transform(session, request, target.manifest, table));
    if (before.manifest && !transform.manifest) {
        session.reporter().warn(
            fmt::format("the column was pinned to {}; it will have no manifest of its own",
                        short_manifest(before.manifest)),
            "give the manifest again with --manifest FILE to keep it");
    }
    GENEVACTL_CHECK(check_same_type(*table.schema.find(*target.column), transform));
    if (request.dry_run) {
        return registration(target, "altered", transform, std::nullopt);
    }
    GENEVACTL_TRY(const auto done,
                  alter_computed(session, *client, target.table, *target.column, transform));
    say_values_kept(session, *client, target);
    return registration(target, "altered", transform, done);
}

}  // namespace genevactl::run
