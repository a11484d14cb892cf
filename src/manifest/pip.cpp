// SPDX-License-Identifier: Apache-2.0
#include "genevactl/manifest/pip.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "genevactl/base/secret.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/manifest/json.hpp"
#include "genevactl/manifest/requirement.hpp"
#include "installable.hpp"
#include "python_text.hpp"
#include "requirement_list.hpp"

namespace genevactl::manifest {

namespace {

using base::ErrorKind;
using base::fail;
using base::Status;
using std::string_view;

struct Reserved {
    string_view name;
    string_view hint;
};
constexpr std::array<Reserved, 2> k_reserved = {
    {{"GENEVA_ZIPS", "geneva sets it itself from the captured environment"},
     {"PIP_EXTRA_INDEX_URL", "use --extra-index-url URL, once for each index"}}};

/// The writer of JSON would replace what is no UTF-8; arguments can hold any bytes.
Status check_utf8(string_view text, string_view where) {
    try {
        (void)nlohmann::json(text).dump();
    } catch (const nlohmann::json::exception&) {
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

Status check_encoding(const PipOptions& options) {
    GENEVACTL_CHECK(check_utf8(options.name, "the manifest's name"));
    GENEVACTL_CHECK(check_utf8(options.requirements, "a requirement"));
    GENEVACTL_CHECK(check_utf8(options.extra_index_urls, "an --extra-index-url"));
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
    const auto* const reserved =
        std::find_if(k_reserved.begin(), k_reserved.end(),
                     [&name](const Reserved& each) { return each.name == name; });
    if (reserved != k_reserved.end()) {
        return fail(ErrorKind::usage, fmt::format("--env may not set {}", name),
                    std::string(reserved->hint));
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

Status add_variables(const PipOptions& options, Built& built) {
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

Status add_index_urls(const PipOptions& options, Built& built) {
    for (const auto& url : options.extra_index_urls) {
        GENEVACTL_CHECK(check_index_url(url, "--extra-index-url", "the command line"));
        if (!variables_in(url).empty()) {
            return fail(ErrorKind::usage,
                        "the URL of --extra-index-url has a ${VARIABLE} that nothing would fill in",
                        "write the option into a requirements file (-r FILE): pip on the workers "
                        "fills it in there");
        }
        remark_on(url, "--extra-index-url", built.remarks);
        built.manifest.pip_extra_index_urls.push_back(url);
    }
    return {};
}

Status add_requirements(const PipOptions& options, Built& built) {
    RequirementList list;
    for (std::size_t i = 0; i < options.requirements.size(); ++i) {
        GENEVACTL_CHECK(
            add_argument(list, options.requirements[i], fmt::format("requirement {}", i + 1)));
    }
    for (const auto& file : options.requirement_files) {
        GENEVACTL_CHECK(add_file(list, file));
    }
    apply_constraints(list);
    remark_on_hashes(list);
    for (auto& line : list.lines) {
        built.manifest.pip.push_back(std::move(line.text));
    }
    auto& urls = built.manifest.pip_extra_index_urls;
    urls.insert(urls.end(), list.extra_index_urls.begin(), list.extra_index_urls.end());
    std::move(list.remarks.begin(), list.remarks.end(), std::back_inserter(built.remarks));
    return {};
}

void remark_on_unpinned(Built& built) {
    std::vector<std::string> unpinned;
    for (const auto& requirement : built.manifest.pip) {
        if (!is_pinned(requirement)) {
            unpinned.push_back(requirement);
        }
    }
    if (unpinned.empty()) {
        return;
    }
    const bool one = unpinned.size() == 1;
    built.remarks.push_back(
        {fmt::format("{} not pinned to one version: {}",
                     one ? "1 requirement is" : fmt::format("{} requirements are", unpinned.size()),
                     base::join(unpinned, ", ")),
         "workers install the newest that fits when the job starts: write NAME==VERSION, or say "
         "--allow-unpinned"});
}

}  // namespace

base::Result<Built> build_pip(const PipOptions& options) {
    GENEVACTL_CHECK(check_encoding(options));
    if (strip(options.name).empty()) {
        return fail(ErrorKind::usage, "the manifest needs a name",
                    "genevactl manifest create pip NAME …");
    }
    Built built;
    auto& manifest = built.manifest;
    manifest.name = options.name;
    manifest.version = options.version;
    manifest.py_modules = options.py_modules;
    manifest.head_image = options.head_image;
    manifest.worker_image = options.worker_image;
    manifest.skip_site_packages = !options.upload_site_packages;
    GENEVACTL_CHECK(add_variables(options, built));
    GENEVACTL_CHECK(add_index_urls(options, built));
    GENEVACTL_CHECK(add_requirements(options, built));
    if (!options.allow_unpinned) {
        remark_on_unpinned(built);
    }
    manifest.checksum = checksum_of(manifest);
    return built;
}

}  // namespace genevactl::manifest
