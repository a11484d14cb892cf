// SPDX-License-Identifier: Apache-2.0
#include "genevactl/manifest/lint.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "builder.hpp"
#include "genevactl/base/secret.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/manifest/json.hpp"
#include "installable.hpp"
#include "lint_rules.hpp"
#include "secrets.hpp"

namespace genevactl::manifest {

namespace {

using std::string_view;

constexpr string_view k_no_secret =
    "set it in the workers' own environment (or a secret of the cluster): a manifest is plain text";

/// Variables that Ray or geneva set on the workers, or that decide which code they run.
constexpr std::array<string_view, 8> k_engine_variables = {
    "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV",          "CONDA_PREFIX",
    "UV_PYTHON",  "LD_PRELOAD", "CUDA_VISIBLE_DEVICES", "HOSTNAME"};

void lint_checksum(const model::Manifest& manifest, Findings& findings) {
    if (manifest.checksum.empty()) {
        findings.push_back({"checksum", Severity::warning, "checksum",
                            "the manifest has no checksum",
                            "`genevactl manifest checksum FILE` computes it"});
    } else if (manifest.checksum != checksum_of(manifest)) {
        findings.push_back({"checksum", Severity::error, "checksum",
                            "the checksum is not that of the content: the file was edited",
                            "create the manifest anew, or put in what `genevactl manifest checksum "
                            "FILE` prints"});
    }
}

/// Files that a driver would open: they are on the machine that made the manifest.
void lint_paths(const model::Manifest& manifest, Findings& findings) {
    if (manifest.requirements_path) {
        findings.push_back({"local-path", Severity::error, "requirements_path",
                            "a remote driver does not have this file",
                            "inline it: genevactl manifest create pip NAME -r FILE"});
    }
    if (manifest.conda_environment_path) {
        findings.push_back({"local-path", Severity::error, "conda_environment_path",
                            "a remote driver does not have this file",
                            "inline it: genevactl manifest create conda NAME --file FILE"});
    }
}

void lint_variable(const std::string& name, const std::string& value, Findings& findings) {
    const auto where = fmt::format("env_vars[{}]", json_string(name));
    if (const auto because = reserved_because(name); !because.empty()) {
        findings.push_back({"reserved-env", Severity::error, where,
                            fmt::format("{} belongs to geneva", name), std::string(because)});
    } else if (base::starts_with(name, "GENEVA_") || base::starts_with(name, "RAY_") ||
               std::find(k_engine_variables.begin(), k_engine_variables.end(), name) !=
                   k_engine_variables.end()) {
        findings.push_back({"engine-env", Severity::warning, where,
                            fmt::format("{} is a variable of the engine, which sets or reads it "
                                        "itself",
                                        name),
                            "leave it out unless the deployment's operator asked for it"});
    }
    if (looks_like_secret(value)) {
        findings.push_back({"secret-env", Severity::error, where,
                            fmt::format("the value of {} has the form of a secret", name),
                            std::string(k_no_secret)});
    } else if (base::names_a_secret(name) && !value.empty()) {
        findings.push_back({"secret-name", Severity::warning, where,
                            fmt::format("{} is named like a secret", name),
                            std::string(k_no_secret)});
    }
}

void lint_image(const std::optional<std::string>& image, const std::string& where,
                Findings& findings) {
    if (!image || image->find('@') != std::string::npos) {
        return;  // none, or a digest
    }
    const auto name = image->substr(image->rfind('/') + 1);
    const auto colon = name.find(':');
    const auto tag = colon == std::string::npos ? "" : name.substr(colon + 1);
    if (tag.empty() || tag == "latest") {
        findings.push_back({"image-tag", Severity::warning, where,
                            tag.empty() ? "the image has neither a tag nor a digest"
                                        : "the tag latest names another image every time",
                            "name a version, or best a digest: IMAGE@sha256:…"});
    }
}

}  // namespace

bool is_secret(const Finding& finding) {
    return finding.rule == "secret-env" || finding.rule == "url-credentials";
}

string_view name_of(Severity severity) {
    return severity == Severity::error ? "error" : "warning";
}

std::string shown_text(string_view text) {
    return without_credentials(text);
}

std::string shown_value(string_view variable, string_view value) {
    const bool hidden = base::names_a_secret(variable) || looks_like_secret(value);
    return hidden ? "[redacted]" : std::string(value);
}

void lint_environment(const model::Manifest& manifest, Findings& findings) {
    for (const auto& [name, value] : manifest.env_vars) {
        lint_variable(name, value, findings);
    }
}

void lint_indexes(const model::Manifest& manifest, Findings& findings) {
    const auto& urls = manifest.pip_extra_index_urls;
    for (std::size_t i = 0; i < urls.size(); ++i) {
        const auto where = fmt::format("pip_extra_index_urls[{}]", i);
        if (auto checked = check_index_url(urls[i], "an index", where); !checked) {
            findings.push_back({"index-url", Severity::error, where,
                                "an index is an http:// or https:// URL without blanks",
                                "one URL an entry"});
        }
        if (!variables_in(urls[i]).empty()) {
            findings.push_back(
                {"index-url", Severity::error, where,
                 "nothing fills in the ${VARIABLE} of this URL",
                 "write `--extra-index-url URL` as a line of pip: pip on the workers "
                 "fills it in there"});
        }
        if (holds_credentials(urls[i])) {
            findings.push_back({"url-credentials", Severity::error, where,
                                "the URL holds a user name, password or token",
                                "write `--extra-index-url https://${NAME}@…` as a line of pip, and "
                                "set NAME in the workers' own environment"});
        }
    }
}

void lint_images(const model::Manifest& manifest, Findings& findings) {
    lint_image(manifest.head_image, "head_image", findings);
    lint_image(manifest.worker_image, "worker_image", findings);
}

std::vector<Finding> lint(const model::Manifest& manifest) {
    Findings findings;
    lint_checksum(manifest, findings);
    lint_paths(manifest, findings);
    lint_requirements(manifest.pip, "pip", findings);
    lint_repetitions(manifest.pip, "pip", findings);
    lint_conda(manifest, findings);
    lint_indexes(manifest, findings);
    lint_environment(manifest, findings);
    lint_images(manifest, findings);
    return findings;
}

}  // namespace genevactl::manifest
