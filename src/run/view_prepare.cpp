// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/run/view_create.hpp"
#include "inputs.hpp"
#include "packed.hpp"

namespace genevactl::run {

using base::ErrorKind;

namespace {

/// The columns as an Arrow IPC file, which tells what the API's JSON does not (units and zones of
/// times): a query that gives no rows.
base::Result<std::string> arrow_schema(ns::Client& client, const model::ObjectId& table) {
    return client.query_ipc(table, {.filter = "false", .limit = 1});
}

std::vector<std::string> blobs_of(const model::Schema& schema) {
    std::vector<std::string> names;
    for (const auto& field : schema.fields) {
        const auto found = field.metadata.find("ARROW:extension:name");
        if (found != field.metadata.end() && found->second == "lance.blob.v2") {
            names.push_back(field.name);
        }
    }
    return names;
}

/// The plain columns as the source spells them; not_found with the nearest names.
base::Status spell(const model::TableDescription& source, std::vector<model::ViewColumn>& columns) {
    for (auto& column : columns) {
        if (column.expression != column.name) {
            continue;
        }
        const model::FieldPath path{{column.name}};
        auto spelled = source.schema.spelled(path);
        if (!spelled) {
            auto missing = find_column(source, path);
            return base::fail(std::move(missing).error().while_doing("checking --select"));
        }
        column.name = std::move(spelled->parts.front());
        column.expression = column.name;
    }
    return {};
}

/// What a view is to remember; of one that is made again, what it remembers.
model::StringMap remembered(Session& session, const std::string& identity = {},
                            const std::string& target = {}) {
    model::StringMap metadata;
    metadata[k_view_registered_key] = base::rfc3339(session.surroundings().clock->now());
    if (!identity.empty()) {
        metadata[model::k_identity_key] = identity;
    }
    if (!target.empty()) {
        metadata[model::k_target_key] = target;
    }
    return metadata;
}

/// The manifest in a request's udtf_spec.
std::optional<model::PinnedManifest> manifest_in(const std::string& spec) {
    const auto entry = nlohmann::json::parse(spec, nullptr, false);
    if (!entry.is_object() || !entry.contains("manifest") || !entry["manifest"].is_string()) {
        return std::nullopt;
    }
    model::PinnedManifest manifest;
    manifest.json = entry["manifest"].get<std::string>();
    if (const auto sum = entry.find("manifest_checksum"); sum != entry.end() && sum->is_string()) {
        manifest.checksum = sum->get<std::string>();
    }
    const auto content = nlohmann::json::parse(manifest.json, nullptr, false);
    if (content.is_object() && content.contains("name") && content["name"].is_string()) {
        manifest.name = content["name"].get<std::string>();
    }
    return manifest;
}

base::Result<bridge::BuiltView> build(Session& session, const bridge::ViewRequest& request) {
    GENEVACTL_TRY(auto interpreter, session.interpreter());
    session.reporter().step(
        fmt::format("reading {} with {}",
                    request.target.empty() ? "the query of " + request.source : request.target,
                    interpreter.executable.string()));
    auto built = bridge::build_view(session.surroundings(), interpreter, request);
    session.reporter().finish();
    return built;
}

}  // namespace

base::Result<PreparedView> prepare_view(Session& session, ns::Client& client,
                                        const ViewSpec& spec) {
    if (spec.source.parts.size() > 1) {
        return base::fail(
            ErrorKind::usage,
            fmt::format("{}: the source of a view lies in the database itself, not in "
                        "a namespace of it",
                        spec.source.text()),
            "the request that makes a view has no place for the namespace");
    }
    if (spec.kind != model::ViewKind::query) {
        GENEVACTL_TRY(const auto packed, packed_transform(session, spec.target));
        if (packed) {
            return base::fail(ErrorKind::usage,
                              fmt::format("{} is a bundle, which registers columns", spec.target),
                              "name the transform of a view as MODULE:OBJECT");
        }
    }
    PreparedView view;
    view.spec = spec;
    GENEVACTL_TRY(const auto source, describe(client, spec.source));
    view.source_version = source.version;
    if (view.spec.columns) {
        GENEVACTL_CHECK(spell(source, *view.spec.columns));
    }
    bridge::ViewRequest request{.kind = spec.kind,
                                .target = spec.target,
                                .manifest = spec.manifest,
                                .replace_pinned = spec.replace_pinned,
                                .source = spec.source.parts.back(),
                                .database = client.connection().database,
                                .blobs = blobs_of(source.schema),
                                .columns = view.spec.columns,
                                .where = spec.where,
                                .partition_by = spec.partition_by,
                                .fallback_manifest = spec.fallback_manifest,
                                .remembered = remembered(session)};
    GENEVACTL_TRY(request.schema, arrow_schema(client, spec.source));
    GENEVACTL_TRY(view.built, build(session, request));
    if (view.built.transform) {
        view.identity = view.built.transform->identity;
        view.manifest = manifest_in(view.built.payload.udtf_spec);
        warn_of_pickling(session, *view.built.transform);
    }
    return view;
}

base::Result<PreparedView> prepare_kept_view(Session& session, ns::Client& client,
                                             const model::TableDescription& view,
                                             const model::ViewDefinition& definition) {
    PreparedView prepared;
    prepared.spec = {.name = view.id, .source = definition.source, .kind = definition.kind};
    prepared.spec.columns = definition.columns;
    if (!definition.where.empty()) {
        prepared.spec.where = definition.where;
    }
    prepared.identity = definition.identity;
    prepared.manifest = definition.manifest;
    GENEVACTL_TRY(const auto source, describe(client, definition.source));
    prepared.source_version = source.version;
    bridge::KeptView kept{
        .kind = definition.kind,
        .query = definition.query,
        .manifest = definition.manifest,
        .remembered = remembered(session, definition.identity, definition.target)};
    if (definition.kind != model::ViewKind::query) {
        const auto key = fmt::format("geneva::view::{}", model::name_of(definition.kind));
        const auto spec = view.schema.metadata.find(key);
        if (spec == view.schema.metadata.end()) {
            return base::fail(
                ErrorKind::failed,
                fmt::format("{} does not say what its {} is", view.id.text(),
                            model::name_of(definition.kind)),
                "name it: --" + std::string(model::name_of(definition.kind)) + " MODULE:OBJECT");
        }
        kept.spec = spec->second;
    }
    GENEVACTL_TRY(kept.schema, arrow_schema(client, view.id));
    GENEVACTL_TRY(auto interpreter, session.interpreter());
    session.reporter().step("reading the definition of " + view.id.text());
    auto built = bridge::build_view(session.surroundings(), interpreter, kept);
    session.reporter().finish();
    if (!built) {
        return base::fail(std::move(built).error());
    }
    prepared.built = std::move(*built);
    return prepared;
}

}  // namespace genevactl::run
