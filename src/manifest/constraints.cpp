// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "requirement_list.hpp"

namespace genevactl::manifest {

namespace {

/// How many packages a remark names before it says "and N more".
constexpr std::size_t k_named = 5;

std::string comparisons_of(const Requirement& requirement) {
    std::vector<std::string> texts;
    for (const auto& specifier : requirement.specifiers) {
        texts.push_back(specifier.op + specifier.version);
    }
    return base::join(texts, ",");
}

std::string text_of(const Requirement& requirement) {
    auto text = requirement.name;
    if (!requirement.extras.empty()) {
        text += "[" + base::join(requirement.extras, ",") + "]";
    }
    text += requirement.url.empty() ? comparisons_of(requirement) : " @ " + requirement.url;
    if (!requirement.marker.empty()) {
        text += " ; " + requirement.marker;
    }
    return text;
}

bool has_comparison(const Requirement& requirement, const VersionSpecifier& specifier) {
    return std::any_of(requirement.specifiers.begin(), requirement.specifiers.end(),
                       [&](const VersionSpecifier& each) {
                           return each.op == specifier.op && each.version == specifier.version;
                       });
}

/// Adds the constraint's comparisons to the line's own.
void narrow(ListedLine& line, const Requirement& constraint) {
    const auto before = line.parsed->specifiers.size();
    for (const auto& specifier : constraint.specifiers) {
        if (!has_comparison(*line.parsed, specifier)) {
            line.parsed->specifiers.push_back(specifier);
        }
    }
    if (line.parsed->specifiers.size() > before) {
        // Options of the requirement (--config-settings) follow the specifier.
        const auto options = line.text.find(" --config-settings=");
        const auto kept = options == std::string::npos ? "" : line.text.substr(options);
        line.text = text_of(*line.parsed) + kept;
    }
}

/// The constraint as a requirement that holds where both hold: pip takes several lines of one
/// package together.
ListedLine beside(const ListedLine& line, const ListedLine& constraint) {
    auto both = *constraint.parsed;
    const auto& marker = line.parsed->marker;
    if (both.marker.empty()) {
        both.marker = marker;
    } else if (!marker.empty() && marker != both.marker) {
        both.marker = fmt::format("({}) and ({})", marker, both.marker);
    }
    return {text_of(both), constraint.where, both};
}

bool can_join(const ListedLine& line, const Requirement& constraint) {
    const bool same_marker = constraint.marker.empty() || constraint.marker == line.parsed->marker;
    return line.parsed->url.empty() && constraint.url.empty() && same_marker;
}

bool is_listed(const std::vector<ListedLine>& lines, const ListedLine& line) {
    return std::any_of(lines.begin(), lines.end(),
                       [&](const ListedLine& each) { return each.text == line.text; });
}

/// True when the constraint's package is in the list.
bool apply(RequirementList& list, const ListedLine& constraint) {
    const auto name = canonical_name(constraint.parsed->name);
    std::vector<ListedLine> added;
    bool found = false;
    for (auto& line : list.lines) {
        if (!line.parsed || canonical_name(line.parsed->name) != name) {
            continue;
        }
        found = true;
        if (can_join(line, *constraint.parsed)) {
            narrow(line, *constraint.parsed);
        } else if (auto extra = beside(line, constraint);
                   !is_listed(list.lines, extra) && !is_listed(added, extra)) {
            added.push_back(std::move(extra));
        }
    }
    list.lines.insert(list.lines.end(), std::make_move_iterator(added.begin()),
                      std::make_move_iterator(added.end()));
    return found;
}

}  // namespace

void apply_constraints(RequirementList& list) {
    std::vector<std::string> unused;
    for (const auto& constraint : list.constraints) {
        const bool used = apply(list, constraint);
        if (!used &&
            std::find(unused.begin(), unused.end(), constraint.parsed->name) == unused.end()) {
            unused.push_back(constraint.parsed->name);
        }
    }
    if (unused.empty()) {
        return;
    }
    const auto more = unused.size() > k_named ? unused.size() - k_named : 0;
    unused.resize(unused.size() - more);
    list.remarks.push_back(
        {fmt::format("constraints of packages that the list does not name are left out, as a "
                     "manifest has none: {}{}",
                     base::join(unused, ", "), more == 0 ? "" : fmt::format(" and {} more", more)),
         "name a package as a requirement to have its version held"});
}

}  // namespace genevactl::manifest
