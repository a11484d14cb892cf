// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "entry.hpp"
#include "genevactl/settings/settings.hpp"

namespace genevactl::project {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* k_not_blank = "\\S";

Json text_schema() {
    return {{"type", "string"}, {"pattern", k_not_blank}};
}

Json list_schema() {
    return {{"type", "array"}, {"items", text_schema()}};
}

Json schema_of(Type type) {
    switch (type) {
        case Type::text:
            return text_schema();
        case Type::texts:
            return list_schema();
        case Type::paths: {
            auto list = list_schema();
            list["minItems"] = 1;
            return {{"anyOf", Json::array({text_schema(), std::move(list)})}};
        }
        case Type::text_map:
            return {{"type", "object"}, {"additionalProperties", {{"type", "string"}}}};
        case Type::transform:
            return {{"type", "string"}, {"pattern", "^[^:]+:[\\s\\S]+$"}};
        case Type::due:
            return {{"enum", {"never", "new", "always"}}, {"default", "new"}};
        case Type::yes:
            return {{"const", true}};
        case Type::boolean:
            break;
    }
    return {{"type", "boolean"}, {"default", false}};
}

Json required(std::string_view key) {
    return {{"required", Json::array({key})}};
}

/// Exactly one of the kinds. Requirements may stand beside a capture, which then is the kind.
Json exactly_one(const Rules& rules) {
    auto choices = Json::array();
    for (const auto& kind : rules.kinds) {
        auto choice = required(kind);
        if (kind == "pip") {
            choice["not"] = required("capture");
        }
        choices.push_back(std::move(choice));
    }
    return choices;
}

/// What must not stand beside a key.
Json refusals_of(const Rules& rules) {
    Json refusals = Json::object();
    for (const auto& pair : rules.refusals) {
        auto& of_key = refusals[std::string(pair.other)];
        if (pair.other == "pip") {  // unless the kind is capture
            of_key["anyOf"] = Json::array({required("capture"), {{"not", required(pair.key)}}});
            continue;
        }
        of_key["properties"][std::string(pair.key)] = false;
    }
    return refusals;
}

Json entry_schema(const Rules& rules) {
    Json schema = {{"type", "object"}, {"additionalProperties", false}};
    for (const auto& key : rules.keys) {
        auto value = schema_of(key.type);
        value["description"] = key.meaning;
        schema["properties"][std::string(key.name)] = std::move(value);
    }
    schema["oneOf"] = exactly_one(rules);
    schema["dependentSchemas"] = refusals_of(rules);
    return schema;
}

Json setting_schema(const settings::Key& key) {
    Json schema =
        key.type == "duration" ? Json{{"type", {"string", "number"}}} : Json{{"type", "string"}};
    schema["description"] = key.meaning;
    if (!key.default_value.empty()) {
        schema["default"] = key.default_value;
    }
    return schema;
}

/// [deployment] or [settings].
Json settings_schema(std::string_view table, std::string_view meaning) {
    Json schema = {{"description", meaning}, {"type", "object"}, {"additionalProperties", false}};
    for (const auto& key : settings::keys()) {
        if (key.project_table == table) {
            schema["properties"][std::string(key.name)] = setting_schema(key);
        }
    }
    return schema;
}

Json entries_schema(std::string_view meaning, std::string_view definition, Json names) {
    return {{"description", meaning},
            {"type", "object"},
            {"propertyNames", std::move(names)},
            {"additionalProperties", {{"$ref", "#/$defs/" + std::string(definition)}}}};
}

Json definitions() {
    auto views = entry_schema(view_rules());
    // A view that is kept has nothing but its name; every other one reads something.
    views["anyOf"] = Json::array({required("source"), required("keep")});
    return {{"manifest", entry_schema(manifest_rules())},
            {"column", entry_schema(column_rules())},
            {"view", std::move(views)}};
}

}  // namespace

std::string json_schema() {
    const Json schema = {
        {"$schema", "https://json-schema.org/draft/2020-12/schema"},
        {"title", "genevactl project file"},
        {"description",
         "geneva.toml, or [tool.genevactl] of a pyproject.toml: the manifests, columns and views "
         "of a deployment (docs/project-file.md)"},
        {"type", "object"},
        {"additionalProperties", false},
        {"properties",
         {{"deployment",
           settings_schema("deployment",
                           "which deployment it is; flags and the environment come first")},
          {"settings", settings_schema("settings", "how commands wait and show")},
          {"manifests",
           entries_schema("environments of jobs, by name", "manifest", {{"pattern", k_not_blank}})},
          {"columns", entries_schema("computed columns, by \"TABLE.COLUMN\"", "column",
                                     {{"pattern", "^.+\\..+$"}})},
          {"views",
           entries_schema("materialized views, by name", "view", {{"pattern", k_not_blank}})}}},
        {"$defs", definitions()}};
    constexpr int k_indent = 2;
    return schema.dump(k_indent) + "\n";
}

}  // namespace genevactl::project
