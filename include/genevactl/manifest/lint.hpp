// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "genevactl/model/manifest.hpp"

namespace genevactl::manifest {

enum class Severity : std::uint8_t { error, warning };
/// "error" or "warning".
std::string_view name_of(Severity severity);

/// Something that a job with this manifest would trip over, or that will change under it.
struct Finding {
    std::string rule;  ///< docs/manifest.md lists them; a rule is added, never renamed
    Severity severity = Severity::warning;
    std::string where;  ///< `pip[3]`, `env_vars["TOKEN"]`, `conda.dependencies[2].pip[0]`
    std::string message;
    std::string hint;
};

/// Whether it is of a secret: a value that has the form of one, or a URL with a password.
bool is_secret(const Finding& finding);

/// What is wrong or doubtful in a manifest, in the order of its fields. A wrong or missing
/// `manifest.checksum` counts too. No finding shows a secret.
std::vector<Finding> lint(const model::Manifest& manifest);

/// What may be shown of a variable: its value, or "[redacted]" where its name or its value looks
/// like a secret's.
std::string shown_value(std::string_view variable, std::string_view value);
/// The same of a requirement or URL: without user name, password and secrets of the query.
std::string shown_text(std::string_view text);

}  // namespace genevactl::manifest
