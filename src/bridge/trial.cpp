// SPDX-License-Identifier: Apache-2.0
#include "genevactl/bridge/trial.hpp"

#include <utility>

#include <nlohmann/json.hpp>

#include "answer.hpp"
#include "ask.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"

namespace genevactl::bridge {

namespace {

using Json = nlohmann::ordered_json;

base::Result<Json> asked(const base::Surroundings& surroundings, const Interpreter& interpreter,
                         const Json& request, const std::string& about) {
    auto text = request.dump(-1, ' ', false, Json::error_handler_t::replace);
    GENEVACTL_TRY(const auto answer, ask(surroundings, interpreter, std::move(text), about));
    return parse_document(answer);
}

std::string text_or_nothing(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

ImportedDistribution distribution_of(const Json& entry) {
    ImportedDistribution distribution{.name = text_or_nothing(entry, "distribution"),
                                      .version = text_or_nothing(entry, "version")};
    for (const auto& module : entry.value("modules", Json::array())) {
        distribution.modules.push_back({.name = text_or_nothing(module, "module"),
                                        .error = text_or_nothing(module, "error"),
                                        .traceback = text_or_nothing(module, "traceback")});
    }
    return distribution;
}

}  // namespace

base::Result<Trial> run_transform(const base::Surroundings& surroundings,
                                  const Interpreter& interpreter, const TrialRequest& request) {
    Json document = {{"version", 1},
                     {"action", "run"},
                     {"target", request.target},
                     {"rows", request.rows.string()},
                     {"results", request.results.string()}};
    if (request.input_columns) {
        document["input_columns"] = *request.input_columns;
    }
    auto text = document.dump(-1, ' ', false, Json::error_handler_t::replace);
    GENEVACTL_TRY(const auto answer,
                  ask(surroundings, interpreter, std::move(text), request.target));
    Trial trial;
    GENEVACTL_TRY(trial.transform, parse_answer(answer));
    const auto run = Json::parse(trial.transform.document).value("run", Json());
    if (!run.is_object()) {
        return base::fail(broken("has no proper 'run'"));
    }
    for (const auto& note : run.value("notes", Json::array())) {
        if (note.is_string()) trial.notes.push_back(note.get<std::string>());
    }
    return trial;
}

base::Result<std::vector<ImportedDistribution>> try_imports(const base::Surroundings& surroundings,
                                                            const Interpreter& interpreter,
                                                            const std::vector<std::string>& names) {
    const Json request = {{"version", 1}, {"action", "try"}, {"distributions", names}};
    GENEVACTL_TRY(const auto document,
                  asked(surroundings, interpreter, request, base::join(names, ", ")));
    const auto imports = document.value("imports", Json());
    if (!imports.is_array()) {
        return base::fail(broken("has no proper 'imports'"));
    }
    std::vector<ImportedDistribution> found;
    for (const auto& entry : imports) {
        if (entry.is_object()) found.push_back(distribution_of(entry));
    }
    return found;
}

base::Result<std::string> geneva_version(const base::Surroundings& surroundings,
                                         const Interpreter& interpreter) {
    const Json request = {{"version", 1}, {"action", "environment"}};
    GENEVACTL_TRY(const auto document, asked(surroundings, interpreter, request, "its geneva"));
    const auto environment = document.value("environment", Json::object());
    return text_or_nothing(environment, "geneva");
}

}  // namespace genevactl::bridge
