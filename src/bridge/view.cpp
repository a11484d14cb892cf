// SPDX-License-Identifier: Apache-2.0
#include "genevactl/bridge/view.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "answer.hpp"
#include "ask.hpp"
#include "genevactl/base/digest.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/model/arrow_json.hpp"

namespace genevactl::bridge {

namespace {

using base::ErrorKind;
using Json = nlohmann::ordered_json;

Json manifest_json(const std::string& json, const std::string& checksum) {
    return {{"json", json}, {"checksum", checksum}};
}

/// {"name": null or its expression}, in the order of the columns. Where one is computed, the client
/// takes all of them as SQL: a name that is none must be quoted.
Json selection(const std::optional<std::vector<model::ViewColumn>>& columns) {
    if (!columns) return nullptr;
    const bool plain = std::ranges::all_of(
        *columns, [](const auto& column) { return column.expression == column.name; });
    auto selected = Json::object();
    for (const auto& column : *columns) {
        const auto quoted = model::FieldPath{{column.name}}.quoted();
        if (column.expression != column.name) {
            selected[column.name] = column.expression;
        } else if (plain || quoted == column.name) {
            selected[column.name] = nullptr;
        } else {
            selected[column.name] = quoted;
        }
    }
    return selected;
}

Json view_json(const ViewRequest& request) {
    Json view = {{"kind", model::name_of(request.kind)},
                 {"source", request.source},
                 {"database", request.database},
                 {"schema", base::base64_encode(request.schema)},
                 {"blobs", request.blobs},
                 {"select", selection(request.columns)},
                 {"where", nullptr},
                 {"partition_by", nullptr},
                 {"schema_metadata", request.remembered}};
    if (request.where) view["where"] = *request.where;
    if (request.partition_by) view["partition_by"] = *request.partition_by;
    if (const auto& fallback = request.fallback_manifest) {
        view["manifest"] = manifest_json(fallback->json, fallback->checksum);
    }
    return view;
}

Json view_json(const KeptView& kept) {
    Json view = {{"kind", model::name_of(kept.kind)},
                 {"query", kept.query},
                 {"kept", nullptr},
                 {"manifest", nullptr},
                 {"schema", base::base64_encode(kept.schema)},
                 {"schema_metadata", kept.remembered}};
    if (kept.spec) view["kept"] = *kept.spec;
    if (kept.manifest) {
        view["manifest"] = manifest_json(kept.manifest->json, kept.manifest->checksum);
    }
    return view;
}

base::Result<std::string> text_of(const Json& object, const char* name) {
    const auto found = object.find(name);
    if (found != object.end() && found->is_string()) return found->get<std::string>();
    return base::fail(broken(std::string("has no proper 'view.") + name + "'"));
}

base::Result<BuiltView> parse_view(const std::string& text, model::ViewKind kind) {
    GENEVACTL_TRY(const auto document, parse_document(text));
    const auto view = document.find("view");
    if (view == document.end() || !view->is_object()) {
        return base::fail(broken("has no proper 'view'"));
    }
    BuiltView built;
    built.payload.kind = kind;
    GENEVACTL_TRY(built.payload.source_query, text_of(*view, "source_query"));
    GENEVACTL_TRY(built.payload.output_schema, text_of(*view, "output_schema"));
    if (const auto spec = view->find("udtf_spec"); spec != view->end() && spec->is_object()) {
        built.payload.udtf_spec = spec->dump();
    }
    for (const auto& column : view->value("columns", Json::array())) {
        GENEVACTL_TRY(auto name, text_of(column, "column"));
        built.columns.push_back(
            {std::move(name), model::type_text(nlohmann::json(column.value("data_type", Json())))});
    }
    built.environment_json = document.value("environment", Json::object()).dump();
    if (document.contains("target")) {
        GENEVACTL_TRY(built.transform, parse_answer(text));
    }
    return built;
}

base::Result<BuiltView> ask_for_view(const base::Surroundings& surroundings,
                                     const Interpreter& interpreter, const Json& request,
                                     model::ViewKind kind, const std::string& about) {
    std::string input;
    try {
        input = request.dump();
    } catch (const nlohmann::json::exception&) {
        return base::fail(ErrorKind::usage,
                          "the transform, its columns or its manifest are no UTF-8",
                          "write them in UTF-8");
    }
    GENEVACTL_TRY(const auto answer, ask(surroundings, interpreter, std::move(input), about));
    return parse_view(answer, kind);
}

}  // namespace

base::Result<BuiltView> build_view(const base::Surroundings& surroundings,
                                   const Interpreter& interpreter, const ViewRequest& request) {
    Json document = {{"version", 1},
                     {"action", "view"},
                     {"target", request.target},
                     {"manifest", nullptr},
                     {"replace_pinned", request.replace_pinned},
                     {"view", view_json(request)}};
    if (request.manifest) {
        document["manifest"] =
            manifest_json(request.manifest->json, request.manifest->manifest.checksum);
    }
    const auto about = request.target.empty() ? "a view of " + request.source : request.target;
    return ask_for_view(surroundings, interpreter, document, request.kind, about);
}

base::Result<BuiltView> build_view(const base::Surroundings& surroundings,
                                   const Interpreter& interpreter, const KeptView& view) {
    const Json document = {{"version", 1}, {"action", "view"}, {"view", view_json(view)}};
    return ask_for_view(surroundings, interpreter, document, view.kind, "the view");
}

}  // namespace genevactl::bridge
