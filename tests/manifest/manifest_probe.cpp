// SPDX-License-Identifier: Apache-2.0
// Answers requests about manifests, one JSON document a line, so that one process can be compared
// with the Python packages over thousands of cases (tests/manifest/*.py). A request is an object
// whose "do" names what is asked for; the answer always comes, an error as {"error": …}.
#include <functional>
#include <iostream>
#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include "genevactl/manifest/json.hpp"
#include "genevactl/manifest/pip.hpp"
#include "genevactl/manifest/requirement.hpp"
#include "pep508.hpp"

namespace {

using genevactl::manifest::Remark;
using nlohmann::json;
namespace manifest = genevactl::manifest;

json describe(const genevactl::base::Error& error) {
    return {{"error",
             {{"kind", genevactl::base::name_of(error.kind)},
              {"message", error.message},
              {"hint", error.hint},
              {"detail", error.detail},
              {"context", error.context}}}};
}

json texts_of(const std::vector<Remark>& remarks) {
    auto texts = json::array();
    for (const auto& remark : remarks) {
        texts.push_back(remark.text);
    }
    return texts;
}

std::optional<std::string> optional_in(const json& request, const char* name) {
    const auto found = request.find(name);
    if (found == request.end() || found->is_null()) {
        return std::nullopt;
    }
    return found->get<std::string>();
}

json build(const json& request) {
    manifest::PipOptions options;
    options.name = request.at("name");
    options.requirements = request.value("pip", std::vector<std::string>{});
    for (const auto& file : request.value("files", std::vector<std::string>{})) {
        options.requirement_files.emplace_back(file);
    }
    options.extra_index_urls = request.value("urls", std::vector<std::string>{});
    options.env_vars = request.value("env", std::vector<std::pair<std::string, std::string>>{});
    options.py_modules = request.value("py_modules", std::vector<std::string>{});
    options.head_image = optional_in(request, "head_image");
    options.worker_image = optional_in(request, "worker_image");
    options.version = optional_in(request, "version");
    options.upload_site_packages = request.value("upload_site_packages", false);
    options.allow_unpinned = request.value("allow_unpinned", false);
    const auto built = manifest::build_pip(options);
    if (!built) {
        return describe(built.error());
    }
    return {{"json", manifest::to_json(built->manifest)},
            {"checksum", built->manifest.checksum},
            {"remarks", texts_of(built->remarks)}};
}

json read(const json& request) {
    const auto document =
        manifest::from_json(request.at("text").get<std::string>(), request.value("verify", true));
    if (!document) {
        return describe(document.error());
    }
    return {{"json", document->json}, {"checksum", manifest::checksum_of(document->manifest)}};
}

json requirements(const json& request) {
    const auto inlined = manifest::read_requirements(request.at("file").get<std::string>());
    if (!inlined) {
        return describe(inlined.error());
    }
    return {{"requirements", inlined->requirements},
            {"urls", inlined->extra_index_urls},
            {"remarks", texts_of(inlined->remarks)}};
}

json parse(const json& request) {
    const auto text = request.at("text").get<std::string>();
    const auto pinned = manifest::is_pinned(text);
    const auto parsed = manifest::parse_requirement(text);
    if (!parsed) {
        return {
            {"pinned", pinned}, {"at", parsed.error().at}, {"expected", parsed.error().expected}};
    }
    auto specifiers = json::array();
    for (const auto& each : parsed->specifiers) {
        specifiers.push_back(each.op + each.version);
    }
    return {{"pinned", pinned},         {"name", parsed->name}, {"extras", parsed->extras},
            {"specifiers", specifiers}, {"url", parsed->url},   {"marker", parsed->marker}};
}

json answer(const std::string& line) {
    static const std::map<std::string, json (*)(const json&)> k_answers = {
        {"build", build}, {"read", read}, {"requirements", requirements}, {"parse", parse}};
    try {
        const auto request = json::parse(line);
        return k_answers.at(request.at("do").get<std::string>())(request);
    } catch (const std::exception& error) {
        return {{"broken", error.what()}};
    }
}

}  // namespace

int main() {
    for (std::string line; std::getline(std::cin, line);) {
        std::cout << answer(line).dump(-1, ' ', true, json::error_handler_t::replace) << std::endl;
    }
}
