// SPDX-License-Identifier: Apache-2.0
#include "genevactl/manifest/conda.hpp"

#include <fmt/format.h>

#include "builder.hpp"
#include "conda_parts.hpp"
#include "genevactl/base/files.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/manifest/json.hpp"
#include "installable.hpp"
#include "json_tree.hpp"
#include "python_text.hpp"
#include "yaml.hpp"

namespace genevactl::manifest {

namespace {

using base::ErrorKind;
using base::fail;
using base::Result;
using base::Status;

/// An environment has a few hundred lines.
constexpr std::size_t k_largest_environment = std::size_t{1} << 20U;

JsonValue text_value(const std::string& text) {
    JsonValue value;
    value.kind = JsonValue::Kind::string;
    value.text = text;
    return value;
}

Result<JsonValue> read_environment(const std::filesystem::path& file,
                                   std::vector<Remark>& remarks) {
    GENEVACTL_TRY(const auto text, base::read_file(file, k_largest_environment));
    GENEVACTL_TRY(auto environment, read_yaml(text, file.native(), remarks));
    if (environment.kind != JsonValue::Kind::object) {
        return fail(ErrorKind::usage,
                    fmt::format("{}: an environment is a mapping with dependencies, not {}",
                                file.native(), describe(environment.kind)),
                    "see \"Creating an environment file manually\" in conda's documentation");
    }
    return environment;
}

/// The list of this name, made if it is not there; what else has the name is an error.
Result<JsonValue*> list_in(JsonValue& environment, const char* name) {
    const auto [place, is_new] = environment.members.try_emplace(name);
    auto& list = place->second;
    if (is_new || list.kind == JsonValue::Kind::null) {
        list = {};
        list.kind = JsonValue::Kind::array;
    }
    if (list.kind != JsonValue::Kind::array) {
        return fail(ErrorKind::usage, fmt::format("the {} of the environment are {}, not a list",
                                                  name, describe(list.kind)));
    }
    return &list;
}

Status check_spec(const std::string& text, std::string_view what) {
    if (strip(text).empty()) {
        return fail(ErrorKind::usage, fmt::format("{} is blank", what));
    }
    return check_utf8(text, what);
}

Status add_arguments(const CondaOptions& options, JsonValue& environment) {
    if (!options.channels.empty()) {
        GENEVACTL_TRY(auto* const list, list_in(environment, "channels"));
        std::vector<JsonValue> channels;
        for (const auto& channel : options.channels) {
            GENEVACTL_CHECK(check_spec(channel, "a --channel"));
            channels.push_back(text_value(channel));
        }
        list->items.insert(list->items.begin(), channels.begin(), channels.end());
    }
    if (!options.specs.empty()) {
        GENEVACTL_TRY(auto* const list, list_in(environment, "dependencies"));
        for (const auto& spec : options.specs) {
            GENEVACTL_CHECK(check_spec(spec, "a package"));
            list->items.push_back(text_value(spec));
        }
    }
    return {};
}

/// What a worker would trip over: nothing of it is an error of the file.
void remark_on_environment(const CondaOptions& options, const JsonValue& environment,
                           std::vector<Remark>& remarks) {
    for (const auto& list : pip_lists(environment)) {
        for (const auto& line : list.lines) {
            remark_on(line, list.where, remarks);
            if (const auto checked = check_installable(strip(line), list.where); !checked) {
                remarks.push_back({checked.error().message, checked.error().hint});
            }
        }
        if (!options.allow_unpinned) {
            remark_on_unpinned(list.lines, remarks);
        }
    }
    if (!brings_geneva(environment)) {
        remarks.push_back(
            {"the environment does not bring geneva, and workers with a conda "
             "environment get nothing else",
             "add geneva==VERSION (the client's own) to a `pip:` list of the "
             "dependencies"});
    }
}

}  // namespace

Result<Built> build_conda(const CondaOptions& options) {
    GENEVACTL_TRY(auto built, begin_manifest(options, "conda"));
    JsonValue environment;
    environment.kind = JsonValue::Kind::object;
    if (options.file) {
        GENEVACTL_TRY(environment, read_environment(*options.file, built.remarks));
    }
    GENEVACTL_CHECK(add_arguments(options, environment));
    const auto dependencies = environment.members.find("dependencies");
    if (dependencies == environment.members.end() ||
        dependencies->second.kind != JsonValue::Kind::array) {
        return fail(ErrorKind::usage,
                    "the environment has no list of dependencies: nothing to install",
                    "genevactl manifest create conda NAME SPEC… or --file environment.yml");
    }
    remark_on_environment(options, environment, built.remarks);
    auto& manifest = built.manifest;
    manifest.conda = canonical_json(environment);
    manifest.skip_site_packages = !options.upload_site_packages;
    manifest.checksum = checksum_of(manifest);
    return built;
}

Result<Built> build_site(const BuilderOptions& options) {
    GENEVACTL_TRY(auto built, begin_manifest(options, "site"));
    built.manifest.skip_site_packages = false;
    built.manifest.checksum = checksum_of(built.manifest);
    return built;
}

}  // namespace genevactl::manifest
