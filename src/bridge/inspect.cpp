// SPDX-License-Identifier: Apache-2.0
#include "genevactl/bridge/inspect.hpp"

#include <utility>

#include <nlohmann/json.hpp>

#include "answer.hpp"
#include "ask.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"

namespace genevactl::bridge {

using Json = nlohmann::ordered_json;

base::Result<std::vector<base::Result<model::TransformDescription>>> inspect_transforms(
    const base::Surroundings& surroundings, const Interpreter& interpreter,
    const std::vector<TransformRequest>& requests) {
    std::vector<base::Result<model::TransformDescription>> result;
    if (requests.empty()) {
        return result;
    }
    Json document = {{"version", 1}, {"action", "several"}, {"requests", Json::array()}};
    std::vector<std::string> targets;
    for (const auto& request : requests) {
        GENEVACTL_TRY(const auto text, request_json(request));
        document["requests"].push_back(Json::parse(text));
        targets.push_back(request.target);
    }
    GENEVACTL_TRY(const auto text,
                  ask(surroundings, interpreter, document.dump(), base::join(targets, ", ")));
    GENEVACTL_TRY(const auto answer, parse_document(text));
    const auto answers = answer.value("answers", Json());
    if (!answers.is_array() || answers.size() != requests.size()) {
        return base::fail(broken("does not have one answer a request"));
    }
    for (const auto& one : answers) {
        result.push_back(parse_answer(one.dump()));
    }
    return result;
}

}  // namespace genevactl::bridge
