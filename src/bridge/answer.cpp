// SPDX-License-Identifier: Apache-2.0
#include "answer.hpp"

#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "genevactl/base/try.hpp"
#include "genevactl/model/arrow_json.hpp"

namespace genevactl::bridge {

namespace {

using base::ErrorKind;
using Json = nlohmann::ordered_json;

constexpr int k_version = 1;

struct KindRow {
    std::string_view word;
    ErrorKind kind;
};

/// The words of docs/bridge.md; a word that is not here counts as failed.
constexpr std::array<KindRow, 12> k_kinds = {{
    {"usage", ErrorKind::usage},
    {"module-not-found", ErrorKind::not_found},
    {"import", ErrorKind::failed},
    {"object-not-found", ErrorKind::not_found},
    {"not-a-transform", ErrorKind::usage},
    {"geneva-missing", ErrorKind::usage},
    {"conflict", ErrorKind::conflict},
    {"manifest", ErrorKind::usage},
    {"inputs", ErrorKind::not_found},
    {"query", ErrorKind::usage},
    {"unsupported", ErrorKind::failed},
    {"internal", ErrorKind::internal},
}};

/// Reads members of a JSON object; the first that is not as it should be is remembered.
class Reader {
public:
    Reader(const Json& object, std::string where) : m_object(object), m_where(std::move(where)) {}

    const Json* member(const char* name) {
        const auto found = m_object.find(name);
        return found == m_object.end() || found->is_null() ? nullptr : &*found;
    }
    std::string text(const char* name) {
        const auto* value = member(name);
        if (value == nullptr || !value->is_string()) {
            note(name);
            return {};
        }
        return value->get<std::string>();
    }
    std::string text_or_nothing(const char* name) {
        return member(name) == nullptr ? std::string() : text(name);
    }
    std::vector<std::string> texts(const char* name) {
        std::vector<std::string> result;
        const auto* list = member(name);
        if (list == nullptr || !list->is_array()) {
            note(name);
            return result;
        }
        for (const auto& item : *list) {
            if (!item.is_string()) {
                note(name);
                return {};
            }
            result.push_back(item.get<std::string>());
        }
        return result;
    }
    const Json& object(const char* name) {
        static const Json nothing = Json::object();
        const auto* value = member(name);
        if (value == nullptr || !value->is_object()) {
            note(name);
            return nothing;
        }
        return *value;
    }
    void note(const char* name) {
        if (m_problem.empty()) {
            m_problem = "has no proper '" + m_where + name + "'";
        }
    }
    base::Status check() const {
        return m_problem.empty() ? base::Status() : base::fail(broken(m_problem));
    }

private:
    const Json& m_object;
    std::string m_where;
    std::string m_problem;
};

base::Error described_error(const Json& error) {
    Reader reader(error, "error.");
    const auto word = reader.text("kind");
    base::Error result{.kind = ErrorKind::failed,
                       .message = reader.text("message"),
                       .hint = reader.text_or_nothing("hint")};
    result.detail = reader.text_or_nothing("traceback");
    if (auto checked = reader.check(); !checked) {
        return std::move(checked).error();
    }
    for (const auto& row : k_kinds) {
        if (row.word == word) {
            result.kind = row.kind;
        }
    }
    return result;
}

base::Result<model::TransformDescription::Output> parse_output(const Json& document) {
    if (!document.is_object()) {
        return base::fail(broken("has an output that is no object"));
    }
    Reader reader(document, "outputs[].");
    model::TransformDescription::Output output;
    output.column = reader.text_or_nothing("column");
    const auto& type = reader.object("data_type");
    output.type = model::type_text(nlohmann::json(type));
    output.type_json = type.dump();
    const auto* nullable = reader.member("nullable");
    output.nullable = nullable == nullptr || !nullable->is_boolean() || nullable->get<bool>();
    GENEVACTL_CHECK(reader.check());
    return output;
}

base::Status parse_manifest(const Json& document, model::TransformDescription& description) {
    Reader reader(document, "manifest.");
    description.manifest = model::PinnedManifest{reader.text_or_nothing("name"),
                                                 reader.text("checksum"), reader.text("json")};
    return reader.check();
}

base::Status parse_pickling(const Json& document, model::TransformDescription& description) {
    Reader reader(document, "pickling.");
    description.pickling_mode = reader.text("mode");
    description.pickling_modules = reader.texts("modules");
    description.pickling_reason = reader.text_or_nothing("reason");
    return reader.check();
}

base::Result<model::TransformDescription> parse_description(const Json& document) {
    Reader reader(document, "");
    model::TransformDescription result;
    result.kind = reader.text("kind");
    result.target = reader.text("target");
    result.name = reader.text("name");
    result.version = reader.text_or_nothing("transform_version");
    result.identity = reader.text_or_nothing("identity");
    result.inputs = reader.texts("inputs");
    result.resources_json = reader.object("resources").dump();
    result.environment_json = reader.object("environment").dump();
    const auto* outputs = reader.member("outputs");
    if (outputs == nullptr || !outputs->is_array()) {
        reader.note("outputs");
    }
    const auto& pickling = reader.object("pickling");
    GENEVACTL_CHECK(reader.check());
    for (const auto& item : *outputs) {
        GENEVACTL_TRY(auto output, parse_output(item));
        result.outputs.push_back(std::move(output));
    }
    if (reader.member("manifest") != nullptr) {
        GENEVACTL_CHECK(parse_manifest(reader.object("manifest"), result));
    }
    GENEVACTL_CHECK(parse_pickling(pickling, result));
    if (reader.member("virtual_column") != nullptr) {
        result.virtual_column = reader.object("virtual_column").dump();
    }
    if (reader.member("alter_virtual_column") != nullptr) {
        result.alter_virtual_column = reader.object("alter_virtual_column").dump();
    }
    GENEVACTL_CHECK(reader.check());
    return result;
}

}  // namespace

base::Error broken(const std::string& what) {
    return {.kind = ErrorKind::internal,
            .message = "the bridge's answer " + what,
            .hint = "this is a bug in genevactl: please report it with the command you ran"};
}

base::Result<std::string> request_json(const TransformRequest& request) {
    const auto* action = !request.with_payload ? "inspect"
                         : request.for_later   ? "pack"
                                               : "register";
    Json document = {{"version", k_version},
                     {"action", action},
                     {"target", request.target},
                     {"manifest", nullptr},
                     {"replace_pinned", request.replace_pinned},
                     {"input_columns", nullptr},
                     {"column", nullptr}};
    if (request.manifest) {
        document["manifest"] = {{"json", request.manifest->json},
                                {"checksum", request.manifest->manifest.checksum}};
    }
    if (request.input_columns) {
        document["input_columns"] = *request.input_columns;
    }
    if (request.column) {
        document["column"] = *request.column;
    }
    try {
        return document.dump();
    } catch (const nlohmann::json::exception&) {
        return base::fail(ErrorKind::usage,
                          "the transform, its columns or its manifest are no UTF-8",
                          "write them in UTF-8");
    }
}

base::Result<Json> parse_document(std::string_view text) {
    auto document = Json::parse(text, nullptr, false);
    if (!document.is_object()) {
        return base::fail(broken("is no JSON object"));
    }
    if (const auto error = document.find("error"); error != document.end()) {
        return base::fail(error->is_object() ? described_error(*error)
                                             : broken("has no proper 'error'"));
    }
    if (document.value("version", Json()) != k_version) {
        return base::fail(broken("is of another version than " + std::to_string(k_version)));
    }
    return document;
}

base::Result<model::TransformDescription> parse_answer(std::string_view text) {
    GENEVACTL_TRY(auto document, parse_document(text));
    GENEVACTL_TRY(auto result, parse_description(document));
    document.erase("virtual_column");
    document.erase("alter_virtual_column");
    document.erase("view");
    result.document = document.dump();
    return result;
}

}  // namespace genevactl::bridge
