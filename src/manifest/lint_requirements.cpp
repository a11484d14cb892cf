// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/manifest/requirement.hpp"
#include "installable.hpp"
#include "lint_rules.hpp"
#include "python_text.hpp"
#include "secrets.hpp"
#include "version.hpp"

namespace genevactl::manifest {

namespace {

using std::string_view;

constexpr string_view k_only_there =
    "put it where workers can download it and write NAME @ https://…, or leave it out: modules of "
    "the workspace travel with the transform";

string_view without_comment(string_view line) {
    return strip(line.substr(0, find_comment(line)));
}

/// The first word of an option line, and what follows it: "-r x", "--find-links=x", "-rx".
struct OptionLine {
    string_view name;
    string_view value;
};
OptionLine split_option(string_view line) {
    const bool is_long = base::starts_with(line, "--");
    const auto end = is_long ? std::min(line.find_first_of("= \t"), line.size())
                             : std::min<std::size_t>(2, line.size());
    auto value = line.substr(end);
    if (base::starts_with(value, "=")) {
        value.remove_prefix(1);
    }
    return {line.substr(0, end), strip(value)};
}

bool is_one_of(string_view text, std::initializer_list<string_view> all) {
    return std::find(all.begin(), all.end(), text) != all.end();
}

void lint_option(string_view line, const std::string& where, Findings& findings) {
    const auto option = split_option(line);
    if (is_one_of(option.name, {"-e", "--editable"})) {
        findings.push_back({"editable", Severity::error, where,
                            "workers have no copy of this machine's source tree to edit",
                            std::string(k_only_there)});
    } else if (is_one_of(option.name, {"-r", "--requirement", "-c", "--constraint"})) {
        findings.push_back({"local-path", Severity::error, where,
                            fmt::format("{} names a file that workers do not have", option.name),
                            "inline it: genevactl manifest create pip NAME -r FILE"});
    } else if (is_one_of(option.name, {"-f", "--find-links"}) &&
               option.value.find("://") == string_view::npos && variables_in(line).empty()) {
        findings.push_back({"local-path", Severity::error, where,
                            "--find-links names a folder that workers do not have",
                            "write the URL of a page of links"});
    } else if (is_one_of(option.name, {"--hash", "--require-hashes"})) {
        findings.push_back({"hash", Severity::error, where,
                            "workers install geneva without a hash, and pip then refuses all that "
                            "have one",
                            "take the hashes out"});
    }
}

void lint_line(string_view line, const std::string& where, Findings& findings) {
    auto text = without_comment(line);
    if (holds_credentials(text)) {
        findings.push_back({"url-credentials", Severity::error, where,
                            "the URL holds a user name, password or token",
                            "write ${NAME} in its place and set NAME in the workers' own "
                            "environment"});
    }
    if (base::starts_with(text, "-")) {
        return lint_option(text, where, findings);
    }
    if (!is_pinned(line)) {
        findings.push_back(
            {"unpinned", Severity::warning, where,
             fmt::format("{} is not pinned to one version", without_credentials(text)),
             "write NAME==VERSION, or let `genevactl manifest pin` do it"});
    }
    if (text.find(" --hash") != string_view::npos) {
        lint_option("--hash", where, findings);
    }
    // Options of one requirement (--hash, --config-settings) follow it.
    text = strip(text.substr(0, text.find(" --")));
    if (text.empty()) {
        return;
    }
    if (is_only_here(text)) {
        findings.push_back({"local-path", Severity::error, where,
                            "a file of the machine that made the manifest: workers cannot open it",
                            std::string(k_only_there)});
    } else if (const auto checked = check_installable(text, where); !checked) {
        findings.push_back({"syntax", Severity::error, where, checked.error().message,
                            checked.error().hint.empty() ? "pip on the workers refuses it"
                                                         : checked.error().hint});
    } else if (follows_a_branch(text)) {
        findings.push_back({"vcs-branch", Severity::warning, where,
                            "without a full commit hash, what workers install changes by itself",
                            "write …@COMMIT, all 40 digits of it"});
    }
}

/// A requirement of a list, by the name that an index knows.
struct Entry {
    std::size_t index = 0;
    Requirement requirement;
};
using Entries = std::vector<Entry>;

std::map<std::string, Entries> by_name(const std::vector<std::string>& lines) {
    std::map<std::string, Entries> result;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto text = without_comment(lines[i]);
        if (auto parsed = parse_requirement(strip(text.substr(0, text.find(" --"))))) {
            const auto name = canonical_name(parsed->name);
            result[name].push_back({i, std::move(*parsed)});
        }
    }
    return result;
}

/// Those that hold where a marker holds: its own and those without a marker.
Entries where_holds(const Entries& entries, const std::string& marker) {
    Entries result;
    std::copy_if(entries.begin(), entries.end(), std::back_inserter(result),
                 [&marker](const Entry& each) {
                     return each.requirement.marker.empty() || each.requirement.marker == marker;
                 });
    return result;
}

/// Two different URLs, a URL beside a comparison, or comparisons that no version satisfies.
bool contradict(const Entries& entries) {
    std::vector<VersionSpecifier> all;
    std::vector<std::string> urls;
    for (const auto& each : entries) {
        const auto& requirement = each.requirement;
        all.insert(all.end(), requirement.specifiers.begin(), requirement.specifiers.end());
        if (!requirement.url.empty() &&
            std::find(urls.begin(), urls.end(), requirement.url) == urls.end()) {
            urls.push_back(requirement.url);
        }
    }
    return urls.size() > 1 || is_unsatisfiable(all);
}

void judge(const std::string& name, const Entries& entries, const std::string& where,
           Findings& findings) {
    std::vector<std::string> places;
    for (const auto& each : entries) {
        places.push_back(fmt::format("{}[{}]", where, each.index));
    }
    const auto all = base::join(places, ", ");
    if (contradict(entries)) {
        findings.push_back({"contradiction", Severity::error, places.back(),
                            entries.size() == 1
                                ? fmt::format("no version of {} satisfies it", name)
                                : fmt::format("no version of {} satisfies all of {}", name, all),
                            "keep one of the comparisons"});
    } else if (entries.size() > 1) {
        findings.push_back({"duplicate", Severity::warning, places.back(),
                            fmt::format("{} is asked for more than once: {}", name, all),
                            "join them in one line"});
    }
}

}  // namespace

void lint_requirements(const std::vector<std::string>& lines, const std::string& where,
                       Findings& findings) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
        lint_line(lines[i], fmt::format("{}[{}]", where, i), findings);
    }
}

void lint_repetitions(const std::vector<std::string>& lines, const std::string& where,
                      Findings& findings) {
    for (const auto& [name, entries] : by_name(lines)) {
        std::vector<std::string> markers;
        for (const auto& each : entries) {
            const auto& marker = each.requirement.marker;
            if (std::find(markers.begin(), markers.end(), marker) == markers.end()) {
                markers.push_back(marker);
            }
        }
        // Lines without a marker are judged with those that have one, once.
        if (markers.size() > 1) {
            std::erase(markers, std::string{});
        }
        for (const auto& marker : markers) {
            judge(name, where_holds(entries, marker), where, findings);
        }
    }
}

}  // namespace genevactl::manifest
