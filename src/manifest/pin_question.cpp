// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/manifest/pin.hpp"
#include "genevactl/manifest/requirement.hpp"
#include "installable.hpp"
#include "pin_line.hpp"
#include "python_text.hpp"

namespace genevactl::manifest {

namespace {

using base::ErrorKind;
using base::fail;
using std::string_view;

constexpr string_view k_options_file = "options.in";

bool begins_with_one_of(string_view text, std::initializer_list<string_view> options) {
    return std::any_of(options.begin(), options.end(), [&text](string_view option) {
        return base::starts_with(text, option) &&
               (text.size() == option.size() || text[option.size()] == ' ' ||
                text[option.size()] == '=' || option.size() == 2);
    });
}

std::string value_after(string_view text) {
    return std::string(strip(text.substr(std::min(text.find_first_of(" ="), text.size() - 1) + 1)));
}

/// An option line of pip's, in uv's terms.
base::Status add_option(string_view text, const std::string& where, PinQuestion& question,
                        std::string& options) {
    const bool names_all = text.find(":all:") != string_view::npos;
    if (begins_with_one_of(text, {"--extra-index-url", "--index-url", "-i", "--find-links", "-f",
                                  "--no-binary", "--only-binary"})) {
        options += std::string(text) + "\n";
    } else if (text == "--pre" || (begins_with_one_of(text, {"--all-releases"}) && names_all)) {
        question.arguments.insert(question.arguments.end(), {"--prerelease", "allow"});
    } else if (begins_with_one_of(text, {"--only-final"}) && names_all) {
        question.arguments.insert(question.arguments.end(), {"--prerelease", "disallow"});
    } else if (begins_with_one_of(text, {"--trusted-host"})) {
        question.arguments.insert(question.arguments.end(),
                                  {"--allow-insecure-host", value_after(text)});
    } else if (begins_with_one_of(text, {"--prefer-binary", "--all-releases", "--only-final"})) {
        question.remarks.push_back(
            {fmt::format("{}: uv has no such option, so it was not told of it", where),
             "look whether the pinned versions are those that you want"});
    } else {
        return fail(ErrorKind::usage, fmt::format("{}: uv cannot be asked about this line", where),
                    "`genevactl manifest lint` says what is wrong with it");
    }
    return {};
}

/// What the variables of the manifest tell pip on the workers.
void add_variables(const model::Manifest& manifest, PinQuestion& question) {
    const auto& variables = manifest.env_vars;
    const auto translate = [&](const char* of_pip, const char* of_uv) {
        const auto found = variables.find(of_pip);
        if (found != variables.end() && !found->second.empty()) {
            question.environment[of_uv] = found->second;
        }
    };
    translate("PIP_INDEX_URL", "UV_DEFAULT_INDEX");
    translate("PIP_FIND_LINKS", "UV_FIND_LINKS");
    const auto pre = variables.find("PIP_PRE");
    if (pre != variables.end() && (pre->second == "1" || base::lower(pre->second) == "true")) {
        question.environment["UV_PRERELEASE"] = "allow";
    }
    if (!manifest.pip_extra_index_urls.empty()) {
        question.environment["UV_EXTRA_INDEX_URL"] = base::join(manifest.pip_extra_index_urls, " ");
    }
    question.environment["NO_COLOR"] = "1";
}

base::Status check_pinnable(const model::Manifest& manifest) {
    if (manifest.conda != "{}" || manifest.conda_environment_path) {
        return fail(ErrorKind::usage,
                    fmt::format("{} has a conda environment, and uv knows pip's packages only",
                                manifest.name),
                    "write exact versions into environment.yml (`conda env export` shows them) and "
                    "create the manifest anew");
    }
    if (manifest.requirements_path) {
        return fail(ErrorKind::usage,
                    fmt::format("{} names a requirements file instead of holding requirements",
                                manifest.name),
                    "inline it first: genevactl manifest create pip NAME -r FILE");
    }
    return {};
}

}  // namespace

PinLine pin_line(string_view line) {
    const auto text = strip(line.substr(0, find_comment(line)));
    if (text.empty()) {
        return {};
    }
    if (base::starts_with(text, "-")) {
        return {PinLine::Kind::option, std::string(text), {}};
    }
    const auto end = std::min(text.find(" --"), text.size());
    const auto requirement = strip(text.substr(0, end));
    const auto parsed = parse_requirement(requirement);
    const bool url = !parsed || !parsed->url.empty();
    return {url ? PinLine::Kind::url : PinLine::Kind::requirement, std::string(requirement),
            std::string(text.substr(end))};
}

std::string pin_file(std::size_t index) {
    return fmt::format("{}.in", index);
}

base::Result<PinQuestion> pin_question(const model::Manifest& manifest, const PinTarget& target) {
    GENEVACTL_CHECK(check_pinnable(manifest));
    PinQuestion question;
    question.arguments = {"pip",
                          "compile",
                          "--annotation-style=line",
                          "--no-header",
                          "--no-strip-extras",
                          "--no-config",
                          "--index-strategy",
                          "unsafe-best-match",
                          "--python-version",
                          target.python_version,
                          "--python-platform",
                          target.python_platform};
    std::string options;
    question.nothing_to_ask = true;
    for (std::size_t i = 0; i < manifest.pip.size(); ++i) {
        const auto line = pin_line(manifest.pip[i]);
        const auto where = fmt::format("pip[{}]", i);
        if (line.kind == PinLine::Kind::option) {
            GENEVACTL_CHECK(add_option(line.text, where, question, options));
        } else if (line.kind != PinLine::Kind::nothing) {
            if (auto checked = check_installable(line.text, where); !checked) {
                return base::fail(std::move(checked).error());
            }
            question.files.emplace_back(pin_file(i), line.text + "\n");
            const bool open = line.kind == PinLine::Kind::requirement ? !is_pinned(line.text)
                                                                      : follows_a_branch(line.text);
            question.nothing_to_ask = question.nothing_to_ask && !open;
        }
    }
    if (!options.empty()) {
        question.files.emplace_back(k_options_file, options);
    }
    for (const auto& [name, content] : question.files) {
        question.arguments.push_back(name);
    }
    add_variables(manifest, question);
    return question;
}

}  // namespace genevactl::manifest
