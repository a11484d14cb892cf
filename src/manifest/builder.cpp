// SPDX-License-Identifier: Apache-2.0
#include "builder.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "genevactl/base/secret.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/manifest/requirement.hpp"
#include "python_text.hpp"

namespace genevactl::manifest {

namespace {

using base::ErrorKind;
using base::fail;
using base::Status;
using std::string_view;

struct Reserved {
    string_view name;
    string_view because;
};
constexpr std::array<Reserved, 2> k_reserved = {
    {{"GENEVA_ZIPS", "geneva sets it itself from the captured environment"},
     {"PIP_EXTRA_INDEX_URL",
      "geneva sets it itself from the manifest's indexes: use --extra-index-url URL, once for each "
      "index"}}};

Status check_encoding(const BuilderOptions& options) {
    GENEVACTL_CHECK(check_utf8(options.name, "the manifest's name"));
    GENEVACTL_CHECK(check_utf8(options.py_modules, "a --py-module"));
    GENEVACTL_CHECK(check_utf8(options.head_image.value_or(""), "--head-image"));
    GENEVACTL_CHECK(check_utf8(options.worker_image.value_or(""), "--worker-image"));
    GENEVACTL_CHECK(check_utf8(options.version.value_or(""), "--set-version"));
    for (const auto& [name, value] : options.env_vars) {
        GENEVACTL_CHECK(check_utf8(name, "the name of an --env variable"));
        GENEVACTL_CHECK(check_utf8(value, fmt::format("the value of --env {}", name)));
    }
    return {};
}

Status check_variable(const std::string& name, const std::string& value) {
    if (const auto because = reserved_because(name); !because.empty()) {
        return fail(ErrorKind::usage, fmt::format("--env may not set {}", name),
                    std::string(because));
    }
    if (name.empty() || name.find_first_of(string_view("=\0", 2)) != std::string::npos) {
        return fail(ErrorKind::usage, "--env needs a name before the value",
                    "write --env NAME=VALUE; the name has no '='");
    }
    if (value.find('\0') != std::string::npos) {
        return fail(ErrorKind::usage,
                    fmt::format("the value of --env {} has a NUL byte, which no environment can "
                                "hold",
                                name));
    }
    return {};
}

Status add_variables(const BuilderOptions& options, Built& built) {
    auto& variables = built.manifest.env_vars;
    for (const auto& [name, value] : options.env_vars) {
        GENEVACTL_CHECK(check_variable(name, value));
        const auto [place, is_new] = variables.try_emplace(name, value);
        if (!is_new && place->second != value) {
            place->second = value;
            built.remarks.push_back(
                {fmt::format("--env {} is given twice: the last value counts", name)});
        }
        if (is_new && base::names_a_secret(name)) {
            built.remarks.push_back(
                {fmt::format("--env {} looks like a secret, and a manifest is plain text", name),
                 "set it in the workers' own environment instead"});
        }
    }
    return {};
}

}  // namespace

Status check_utf8(string_view text, string_view where) {
    if (!base::is_utf8(text)) {
        return fail(ErrorKind::usage, fmt::format("{} is not UTF-8", where),
                    "run in a UTF-8 locale, and check where the text comes from");
    }
    return {};
}

Status check_utf8(const std::vector<std::string>& texts, string_view where) {
    for (const auto& text : texts) {
        GENEVACTL_CHECK(check_utf8(text, where));
    }
    return {};
}

base::Result<Built> begin_manifest(const BuilderOptions& options, string_view kind) {
    GENEVACTL_CHECK(check_encoding(options));
    if (strip(options.name).empty()) {
        return fail(ErrorKind::usage, "the manifest needs a name",
                    fmt::format("genevactl manifest create {} NAME …", kind));
    }
    Built built;
    auto& manifest = built.manifest;
    manifest.name = options.name;
    manifest.version = options.version;
    manifest.py_modules = options.py_modules;
    manifest.head_image = options.head_image;
    manifest.worker_image = options.worker_image;
    GENEVACTL_CHECK(add_variables(options, built));
    return built;
}

void remark_on_unpinned(const std::vector<std::string>& requirements,
                        std::vector<Remark>& remarks) {
    std::vector<std::string> unpinned;
    for (const auto& requirement : requirements) {
        if (!is_pinned(requirement)) {
            unpinned.push_back(requirement);
        }
    }
    if (unpinned.empty()) {
        return;
    }
    const bool one = unpinned.size() == 1;
    remarks.push_back(
        {fmt::format("{} not pinned to one version: {}",
                     one ? "1 requirement is" : fmt::format("{} requirements are", unpinned.size()),
                     base::join(unpinned, ", ")),
         "workers install the newest that fits when the job starts: write NAME==VERSION, or say "
         "--allow-unpinned"});
}

string_view reserved_because(string_view variable) {
    const auto* const found =
        std::find_if(k_reserved.begin(), k_reserved.end(),
                     [&variable](const Reserved& each) { return each.name == variable; });
    return found == k_reserved.end() ? string_view{} : found->because;
}

}  // namespace genevactl::manifest
