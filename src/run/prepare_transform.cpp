// SPDX-License-Identifier: Apache-2.0
#include "prepare_transform.hpp"

#include <fmt/format.h>

#include "documents.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/bridge/bundle.hpp"
#include "inputs.hpp"
#include "packed.hpp"

namespace genevactl::run {

using base::ErrorKind;

namespace {

base::Result<bridge::TransformRequest> transform_request(
    const ColumnRegister& request, const std::optional<model::ManifestDocument>& manifest) {
    bridge::TransformRequest asked{
        .target = *request.target, .with_payload = true, .manifest = manifest};
    asked.replace_pinned = request.replace_pinned;
    asked.input_columns = request.input_columns;
    if (request.column != k_named_by_transform) {
        GENEVACTL_TRY(const auto column, model::FieldPath::parse(request.column));
        asked.column = column.parts.front();
    }
    return asked;
}

/// spelled_input() that must be there: not_found with the nearest names.
base::Result<std::string> spelled(const model::TableDescription& table, const std::string& input) {
    if (auto own = spelled_input(table, input)) {
        return std::move(*own);
    }
    GENEVACTL_TRY(auto path, model::FieldPath::parse(input));
    return base::fail(std::move(find_column(table, path)).error());
}

/// Puts the inputs into the bridge's entry for add_columns or alter_columns.
void put_inputs(std::string& entry, const std::vector<std::string>& inputs) {
    if (auto document = Json::parse(entry, nullptr, false); document.is_object()) {
        document["input_columns"] = inputs;
        entry = dump(document);
    }
}

/// Checks the inputs against the table and writes them in its spelling.
base::Status spell_inputs(const model::TableDescription& table,
                          model::TransformDescription& transform) {
    for (auto& input : transform.inputs) {
        auto own = spelled(table, input);
        if (!own) {
            return base::fail(std::move(own).error().while_doing(
                fmt::format("checking the inputs of {}", transform.target)));
        }
        input = std::move(*own);
    }
    put_inputs(transform.virtual_column, transform.inputs);
    put_inputs(transform.alter_virtual_column, transform.inputs);
    return {};
}

base::Status check_is_udf(const model::TransformDescription& transform) {
    if (transform.kind != "udf") {
        return base::fail(ErrorKind::usage,
                          fmt::format("{} is a {}: it makes a view, not a column", transform.target,
                                      transform.kind),
                          "a column is computed by a function decorated with @geneva.udf");
    }
    if (transform.outputs.empty()) {
        return base::fail(ErrorKind::failed, fmt::format("{} has no output", transform.target));
    }
    return {};
}

/// The transform as the user's Python gives it, with the manifest that will be pinned.
base::Result<model::TransformDescription> from_python(
    Session& session, const ColumnRegister& request,
    const std::optional<model::ManifestDocument>& manifest) {
    GENEVACTL_TRY(auto asked, transform_request(request, manifest));
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
    return transform;
}

/// The transform of a bundle: what it reads and pins was decided when it was packed.
base::Result<model::TransformDescription> from_bundle(model::TransformDescription transform,
                                                      const ColumnRegister& request) {
    if (request.manifest || request.input_columns || request.replace_pinned) {
        return base::fail(
            ErrorKind::usage,
            fmt::format("{} is a bundle: its manifest and its inputs are fixed", *request.target),
            "give --manifest and --input-columns to `genevactl transform pack`");
    }
    const bool several = bridge::names_its_columns(transform);
    if (several != (request.column == k_named_by_transform)) {
        return base::fail(
            ErrorKind::usage,
            several ? fmt::format("the transform in {} has several outputs and names "
                                  "their columns itself",
                                  *request.target)
                    : fmt::format("the transform in {} has one output: it needs a "
                                  "column name",
                                  *request.target),
            several ? "write - in the place of the column's name" : "write it in place of -");
    }
    if (!several) {
        GENEVACTL_TRY(const auto column, model::FieldPath::parse(request.column));
        bridge::name_column(transform, column.parts.front());
    }
    return transform;
}

}  // namespace

std::optional<std::string> spelled_input(const model::TableDescription& table,
                                         const std::string& input) {
    if (table.schema.find(input) != nullptr) {
        return model::FieldPath{{input}}.quoted();
    }
    const auto path = model::FieldPath::parse(input);
    const auto own = path ? table.schema.spelled(*path) : std::nullopt;
    return own ? std::optional(own->quoted()) : std::nullopt;
}

base::Result<model::TransformDescription> prepare_transform(
    Session& session, const ColumnRegister& request,
    const std::optional<model::ManifestDocument>& manifest, const model::TableDescription& table) {
    GENEVACTL_TRY(auto packed, packed_transform(session, *request.target));
    auto transform =
        packed ? from_bundle(std::move(*packed), request) : from_python(session, request, manifest);
    if (!transform) {
        return base::fail(std::move(transform).error());
    }
    GENEVACTL_CHECK(check_is_udf(*transform));
    GENEVACTL_CHECK(spell_inputs(table, *transform));
    return std::move(*transform);
}

}  // namespace genevactl::run
