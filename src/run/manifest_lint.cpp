// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "documents.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/manifest/json.hpp"
#include "genevactl/manifest/lint.hpp"
#include "genevactl/run/verbs.hpp"
#include "inputs.hpp"

namespace genevactl::run {

namespace {

using manifest::Finding;
using manifest::Severity;

long long count_of(const std::vector<Finding>& findings, Severity severity) {
    return std::count_if(findings.begin(), findings.end(), [severity](const Finding& finding) {
        return finding.severity == severity;
    });
}

Json json_of(const Finding& finding) {
    Json json;
    json["rule"] = finding.rule;
    json["severity"] = manifest::name_of(finding.severity);
    json["where"] = finding.where;
    json["message"] = finding.message;
    json["hint"] = finding.hint;
    return json;
}

model::Table findings_table(const std::vector<Finding>& findings) {
    model::Table table{.headings = {"SEVERITY", "RULE", "WHERE", "WHAT", "TRY"}};
    for (const auto& finding : findings) {
        const auto tone =
            finding.severity == Severity::error ? model::Tone::bad : model::Tone::caution;
        table.rows.push_back({{std::string(manifest::name_of(finding.severity)), tone},
                              {finding.rule},
                              {finding.where},
                              {finding.message},
                              {finding.hint, model::Tone::dim}});
    }
    return table;
}

}  // namespace

Answer manifest_lint(Session& session, const ManifestLint& request) {
    GENEVACTL_TRY(const auto read, read_manifest(session, request.file, false));
    const auto findings = manifest::lint(read.manifest);
    const auto errors = count_of(findings, Severity::error);
    const auto warnings = count_of(findings, Severity::warning);
    auto document = versioned();
    document["name"] = read.manifest.name;
    document["errors"] = errors;
    document["warnings"] = warnings;
    document["findings"] = Json::array();
    model::Outcome outcome;
    for (const auto& finding : findings) {
        document["findings"].push_back(json_of(finding));
        outcome.names.push_back(finding.rule);
    }
    outcome.document = dump(document);
    if (!findings.empty()) {
        outcome.blocks.emplace_back(findings_table(findings));
    }
    outcome.blocks.emplace_back(
        model::Text{{fmt::format("{}: {}, {}", read.manifest.name, base::plural(errors, "error"),
                                 base::plural(warnings, "warning"))}});
    if (errors > 0 || (request.strict && warnings > 0)) {
        outcome.ended = base::ErrorKind::failed;
    }
    return outcome;
}

}  // namespace genevactl::run
