// SPDX-License-Identifier: Apache-2.0
#include "conda_parts.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "pep508.hpp"
#include "python_text.hpp"

namespace genevactl::manifest {

namespace {

/// "geneva" of "conda-forge::geneva=0.17" and "geneva >=0.17".
bool is_geneva_spec(const JsonValue& value) {
    if (value.kind != JsonValue::Kind::string) {
        return false;
    }
    auto name = std::string(strip(value.text));
    if (const auto channel = name.find("::"); channel != std::string::npos) {
        name.erase(0, channel + 2);
    }
    return base::lower(name.substr(0, name.find_first_of(" =<>!~["))) == "geneva";
}

bool is_geneva_line(const std::string& line) {
    const auto parsed = parse_requirement(strip(line));
    return parsed && canonical_name(parsed->name) == "geneva";
}

const std::vector<JsonValue>& dependencies_of(const JsonValue& environment) {
    static const std::vector<JsonValue> k_none;
    const auto found = environment.members.find("dependencies");
    return found == environment.members.end() ? k_none : found->second.items;
}

}  // namespace

std::vector<PipList> pip_lists(const JsonValue& environment) {
    std::vector<PipList> lists;
    const auto& dependencies = dependencies_of(environment);
    for (std::size_t i = 0; i < dependencies.size(); ++i) {
        const auto pip = dependencies[i].members.find("pip");
        if (pip == dependencies[i].members.end()) {
            continue;
        }
        auto& list = lists.emplace_back(PipList{fmt::format("conda.dependencies[{}].pip", i), {}});
        for (const auto& line : pip->second.items) {
            list.lines.push_back(line.kind == JsonValue::Kind::string ? line.text : "");
        }
    }
    return lists;
}

bool brings_geneva(const JsonValue& environment) {
    const auto& dependencies = dependencies_of(environment);
    if (std::any_of(dependencies.begin(), dependencies.end(), is_geneva_spec)) {
        return true;
    }
    for (const auto& list : pip_lists(environment)) {
        if (std::any_of(list.lines.begin(), list.lines.end(), is_geneva_line)) {
            return true;
        }
    }
    return false;
}

}  // namespace genevactl::manifest
