// SPDX-License-Identifier: Apache-2.0
#include "genevactl/bridge/environment.hpp"

#include <nlohmann/json.hpp>

#include "answer.hpp"
#include "ask.hpp"
#include "genevactl/base/try.hpp"

namespace genevactl::bridge {

base::Result<Environment> describe_environment(const base::Surroundings& surroundings,
                                               const Interpreter& interpreter) {
    using Json = nlohmann::ordered_json;
    const Json request = {{"version", 1}, {"action", "environment"}};
    GENEVACTL_TRY(const auto answer,
                  ask(surroundings, interpreter, request.dump(), "its environment"));
    GENEVACTL_TRY(const auto document, parse_document(answer));
    const auto found = document.value("environment", Json::object());
    const auto text = [&](const char* name) {
        const auto member = found.find(name);
        return member != found.end() && member->is_string() ? member->get<std::string>() : "";
    };
    Environment environment{.python = text("python"), .versions = {}};
    for (const auto* name : {"geneva", "lancedb", "pylance", "pyarrow", "ray"}) {
        environment.versions.emplace_back(name, text(name));
    }
    return environment;
}

}  // namespace genevactl::bridge
