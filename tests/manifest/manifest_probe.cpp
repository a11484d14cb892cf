// SPDX-License-Identifier: Apache-2.0
// Answers requests about manifests, one JSON document a line, so that one process can be compared
// with the Python packages over thousands of cases (tests/manifest/*.py). A request is an object
// whose "do" names what is asked for; the answer always comes, an error as {"error": …}.
#include <functional>
#include <iostream>
#include <map>
#include <set>
#include <string>

#include <nlohmann/json.hpp>

#include "genevactl/manifest/conda.hpp"
#include "genevactl/manifest/json.hpp"
#include "genevactl/manifest/lint.hpp"
#include "genevactl/manifest/lock.hpp"
#include "genevactl/manifest/pip.hpp"
#include "genevactl/manifest/requirement.hpp"
#include "marker_value.hpp"
#include "pep508.hpp"
#include "version.hpp"
#include "yaml.hpp"

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

void fill(const json& request, manifest::BuilderOptions& options) {
    options.name = request.at("name");
    options.env_vars = request.value("env", std::vector<std::pair<std::string, std::string>>{});
    options.py_modules = request.value("py_modules", std::vector<std::string>{});
    options.head_image = optional_in(request, "head_image");
    options.worker_image = optional_in(request, "worker_image");
    options.version = optional_in(request, "version");
}

json describe(const genevactl::base::Result<manifest::Built>& built) {
    if (!built) {
        return describe(built.error());
    }
    return {{"json", manifest::to_json(built->manifest)},
            {"checksum", built->manifest.checksum},
            {"remarks", texts_of(built->remarks)}};
}

json build(const json& request) {
    manifest::PipOptions options;
    fill(request, options);
    options.requirements = request.value("pip", std::vector<std::string>{});
    for (const auto& file : request.value("files", std::vector<std::string>{})) {
        options.requirement_files.emplace_back(file);
    }
    options.extra_index_urls = request.value("urls", std::vector<std::string>{});
    options.upload_site_packages = request.value("upload_site_packages", false);
    options.allow_unpinned = request.value("allow_unpinned", false);
    return describe(manifest::build_pip(options));
}

json conda(const json& request) {
    manifest::CondaOptions options;
    fill(request, options);
    options.specs = request.value("specs", std::vector<std::string>{});
    options.channels = request.value("channels", std::vector<std::string>{});
    if (const auto file = optional_in(request, "file")) {
        options.file = *file;
    }
    options.upload_site_packages = request.value("upload_site_packages", false);
    options.allow_unpinned = request.value("allow_unpinned", false);
    return describe(manifest::build_conda(options));
}

json site(const json& request) {
    manifest::BuilderOptions options;
    fill(request, options);
    return describe(manifest::build_site(options));
}

json yaml(const json& request) {
    std::vector<Remark> remarks;
    const auto value = manifest::read_yaml(request.at("text").get<std::string>(), "yaml", remarks);
    if (!value) {
        return describe(value.error());
    }
    return {{"json", manifest::canonical_json(*value)}, {"remarks", texts_of(remarks)}};
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

json version(const json& request) {
    const auto parsed = manifest::parse_version(request.at("text").get<std::string>());
    return parsed ? json{{"text", manifest::to_text(*parsed)}} : json{{"none", true}};
}

json compare(const json& request) {
    const auto a = manifest::parse_version(request.at("a").get<std::string>());
    const auto b = manifest::parse_version(request.at("b").get<std::string>());
    return {{"order", manifest::compare(a.value(), b.value())}};
}

/// A list of comparisons, as a requirement of a package "a" that asks for them.
json contains(const json& request) {
    const auto parsed = manifest::parse_requirement("a" + request.at("text").get<std::string>());
    if (!parsed) {
        return {{"at", parsed.error().at}, {"expected", parsed.error().expected}};
    }
    json result = {{"specifiers", json::array()}, {"contains", json::array()}};
    for (const auto& each : parsed->specifiers) {
        result["specifiers"].push_back(each.op + each.version);
    }
    for (const auto& text : request.at("versions").get<std::vector<std::string>>()) {
        result["contains"].push_back(manifest::contains(parsed->specifiers, text));
    }
    result["unsatisfiable"] = manifest::is_unsatisfiable(parsed->specifiers);
    return result;
}

json lint(const json& request) {
    const auto document = manifest::from_json(request.at("text").get<std::string>(), false);
    if (!document) {
        return describe(document.error());
    }
    json result = {{"findings", json::array()}};
    for (const auto& each : manifest::lint(document->manifest)) {
        result["findings"].push_back({{"rule", each.rule},
                                      {"severity", manifest::name_of(each.severity)},
                                      {"where", each.where},
                                      {"message", each.message},
                                      {"hint", each.hint}});
    }
    return result;
}

/// Does a marker hold for the variables, extras and groups?
json marker(const json& request) {
    const manifest::MarkerEnvironment environment{
        .variables = request.at("variables"),
        .extras = request.value("extras", std::set<std::string>{}),
        .groups = request.value("groups", std::set<std::string>{})};
    const auto holds = manifest::marker_holds(request.at("text").get<std::string>(), environment);
    return holds ? json{{"holds", *holds}} : json{{"at", holds.error().at}};
}

json lock(const json& request) {
    const manifest::LockTarget target{
        .python_version = request.at("python"),
        .platform = request.at("platform"),
        .extras = request.value("extras", std::vector<std::string>{}),
        .groups = request.value("groups", std::vector<std::string>{})};
    const auto locked = manifest::read_lock(request.at("file").get<std::string>(), target);
    if (!locked) {
        return describe(locked.error());
    }
    return {{"requirements", locked->requirements},
            {"urls", locked->extra_index_urls},
            {"remarks", texts_of(locked->remarks)}};
}

json answer(const std::string& line) {
    static const std::map<std::string, json (*)(const json&)> k_answers = {
        {"build", build},       {"conda", conda},     {"site", site},
        {"yaml", yaml},         {"read", read},       {"requirements", requirements},
        {"parse", parse},       {"version", version}, {"compare", compare},
        {"contains", contains}, {"lint", lint},       {"marker", marker},
        {"lock", lock}};
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
