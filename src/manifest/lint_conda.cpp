// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "conda_parts.hpp"
#include "genevactl/base/text.hpp"
#include "lint_rules.hpp"
#include "secrets.hpp"

namespace genevactl::manifest {

namespace {

void lint_channels(const JsonValue& conda, Findings& findings) {
    const auto channels = conda.members.find("channels");
    if (channels == conda.members.end()) {
        return;
    }
    for (std::size_t i = 0; i < channels->second.items.size(); ++i) {
        const auto& channel = channels->second.items[i];
        const bool token = channel.text.find("://") != std::string::npos &&
                           channel.text.find("/t/") != std::string::npos;
        if (channel.kind == JsonValue::Kind::string && (token || holds_credentials(channel.text))) {
            findings.push_back({"url-credentials", Severity::error,
                                fmt::format("conda.channels[{}]", i),
                                "the channel's URL holds a user name, password or token",
                                "configure it where the workers' conda runs (.condarc)"});
        }
    }
}

}  // namespace

void lint_conda(const model::Manifest& manifest, Findings& findings) {
    if (manifest.conda == "{}") {
        return;
    }
    const auto conda = parse_json(manifest.conda, "conda");
    if (!conda) {
        return;
    }
    if (!manifest.pip.empty()) {
        findings.push_back({"conda-and-pip", Severity::error, "pip",
                            "a manifest has a conda environment or a pip list, not both",
                            "put the requirements into a `pip:` list of the conda dependencies"});
    }
    lint_channels(*conda, findings);
    const auto lists = pip_lists(*conda);
    for (const auto& list : lists) {
        lint_requirements(list.lines, list.where, findings);
        lint_repetitions(list.lines, list.where, findings);
    }
    if (!brings_geneva(*conda)) {
        findings.push_back({"conda-geneva", Severity::warning, "conda.dependencies",
                            "the environment does not bring geneva, and workers with a conda "
                            "environment get nothing else",
                            "add geneva==VERSION (the client's own) to a `pip:` list"});
    }
}

}  // namespace genevactl::manifest
