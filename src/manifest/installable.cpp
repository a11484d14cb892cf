// SPDX-License-Identifier: Apache-2.0
#include "installable.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "genevactl/base/secret.hpp"
#include "genevactl/base/text.hpp"
#include "scanner.hpp"
#include "secrets.hpp"

namespace genevactl::manifest {

namespace {

using base::ErrorKind;
using base::fail;
using base::Result;
using std::string_view;

/// Endings by which pip takes a name for an archive's.
constexpr std::array<string_view, 12> k_archives = {".whl", ".zip",     ".tar.gz", ".tgz",
                                                    ".tar", ".tar.bz2", ".tbz",    ".tar.xz",
                                                    ".txz", ".tlz",     ".tar.lz", ".tar.lzma"};
constexpr std::array<string_view, 4> k_version_control = {"git+", "hg+", "svn+", "bzr+"};

/// "https" of "https://…", in lower case; "" where no scheme is.
std::string scheme_of(string_view text) {
    const auto colon = text.find(':');
    if (colon == string_view::npos || colon == 0 || !is_letter(text.front())) {
        return {};
    }
    const auto scheme = text.substr(0, colon);
    const bool valid = std::all_of(scheme.begin(), scheme.end(), [](char c) {
        return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
    });
    return valid ? base::lower(scheme) : std::string{};
}

enum class UrlKind { none, remote, local };

UrlKind url_kind(string_view text) {
    auto scheme = scheme_of(text);
    for (const auto prefix : k_version_control) {
        if (base::starts_with(scheme, prefix)) {
            return scheme.substr(prefix.size()) == "file" ? UrlKind::local : UrlKind::remote;
        }
    }
    if (scheme == "file") {
        return UrlKind::local;
    }
    const bool remote = scheme == "http" || scheme == "https" || scheme == "ftp";
    return remote ? UrlKind::remote : UrlKind::none;
}

bool names_an_archive(const Requirement& requirement) {
    const auto name = base::lower(requirement.name);
    return requirement.specifiers.empty() &&
           std::any_of(k_archives.begin(), k_archives.end(), [&name](string_view ending) {
               return name.size() > ending.size() &&
                      string_view(name).substr(name.size() - ending.size()) == ending;
           });
}

bool looks_like_path(string_view text) {
    const auto before_marker = text.substr(0, text.find(';'));
    return base::starts_with(text, ".") || base::starts_with(text, "~") ||
           before_marker.find_first_of("/\\") != string_view::npos;
}

/// The text with a mark below the place of the problem. A text with a URL is not shown: the URL may
/// hold a password.
std::string marked(string_view text, std::size_t at) {
    if (text.find("://") != string_view::npos) {
        return {};
    }
    const auto before = base::printable(text.substr(0, at));
    return fmt::format("{}\n{}^", base::printable(text),
                       std::string(base::display_width(before), ' '));
}

tl::unexpected<base::Error> syntax_error(string_view text, const SyntaxProblem& problem,
                                         string_view where, string_view what) {
    base::Error error;
    error.kind = ErrorKind::usage;
    error.message = fmt::format(
        "{}: not a {} at column {}: expected {}", where, what,
        base::display_width(base::printable(text.substr(0, problem.at))) + 1, problem.expected);
    error.detail = marked(text, problem.at);
    const auto rest = text.substr(problem.at);
    if (base::starts_with(rest, "#")) {
        error.hint = "leave the comment out";
    } else if (base::starts_with(rest, "\\")) {
        error.hint = "a line goes on only if the backslash is its very last character";
    } else if (base::starts_with(rest, "-")) {
        error.hint = "pip's options belong into a requirements file (-r FILE)";
    }
    return fail(std::move(error));
}

/// A URL without a name before it, as pip takes it: nothing more to know of it than its marker.
Result<std::optional<Requirement>> check_bare_url(string_view text, string_view where) {
    if (const auto semicolon = text.find("; "); semicolon != string_view::npos) {
        const auto marker = text.substr(semicolon + 2);
        if (auto problem = check_marker(marker)) {
            problem->at += semicolon + 2;
            return syntax_error(text, *problem, where, "marker");
        }
    } else if (const auto blank = text.find_first_of(" \t"); blank != string_view::npos) {
        return syntax_error(text, {blank, "'; ' with a marker, or the end"}, where, "requirement");
    }
    return std::nullopt;
}

Result<std::optional<Requirement>> check_parsed(Requirement requirement, string_view where) {
    if (requirement.url.empty()) {
        if (names_an_archive(requirement)) {
            return only_on_this_machine(fmt::format("{} is a file", requirement.name), where);
        }
        return requirement;
    }
    switch (url_kind(requirement.url)) {
        case UrlKind::remote:
            return requirement;
        case UrlKind::local:
            return only_on_this_machine(requirement.name + " comes from a file: URL", where);
        case UrlKind::none:
            break;
    }
    if (base::starts_with(requirement.url, "${")) {
        return requirement;  // the worker's pip fills it in
    }
    return only_on_this_machine(requirement.name + " comes from a path", where);
}

}  // namespace

Result<std::optional<Requirement>> check_installable(string_view text, string_view where) {
    auto parsed = parse_requirement(text);
    if (parsed) {
        return check_parsed(std::move(*parsed), where);
    }
    switch (url_kind(text)) {
        case UrlKind::remote:
            return check_bare_url(text, where);
        case UrlKind::local:
            return only_on_this_machine("a file: URL", where);
        case UrlKind::none:
            break;
    }
    const auto variables = variables_in(text);
    if (!variables.empty()) {
        return fail(ErrorKind::usage,
                    fmt::format("{}: ${{{}}} stands where a name or version belongs", where,
                                variables.front()),
                    "variables are not filled in here, so that no secret gets into a manifest; "
                    "write the value out");
    }
    if (looks_like_path(text)) {
        return only_on_this_machine("a path", where);
    }
    return syntax_error(text, parsed.error(), where, "requirement");
}

bool is_only_here(string_view text) {
    const auto parsed = parse_requirement(text);
    if (parsed && parsed->url.empty()) {
        return names_an_archive(*parsed);
    }
    const auto place = parsed ? string_view(parsed->url) : text;
    const auto kind = url_kind(place);
    if (kind == UrlKind::none && parsed) {
        return !base::starts_with(place, "${");
    }
    return kind == UrlKind::local ||
           (kind == UrlKind::none && variables_in(text).empty() && looks_like_path(text));
}

bool follows_a_branch(string_view text) {
    const auto parsed = parse_requirement(text);
    auto url = parsed ? string_view(parsed->url) : text.substr(0, text.find_first_of(" \t"));
    const auto scheme = scheme_of(url);
    if (std::none_of(k_version_control.begin(), k_version_control.end(),
                     [&scheme](string_view each) { return base::starts_with(scheme, each); })) {
        return false;
    }
    url = url.substr(0, url.find('#'));
    const auto path = url.find('/', url.find("://") + 3);
    const auto at = url.rfind('@');
    if (path == string_view::npos || at == string_view::npos || at < path) {
        return true;  // the newest of the default branch
    }
    const auto revision = url.substr(at + 1);
    if (base::starts_with(scheme, "svn+") || base::starts_with(scheme, "bzr+")) {
        return !std::all_of(revision.begin(), revision.end(), is_digit);
    }
    constexpr std::size_t k_sha1 = 40;
    constexpr std::size_t k_sha256 = 64;
    return (revision.size() != k_sha1 && revision.size() != k_sha256) ||
           base::lower(revision).find_first_not_of("0123456789abcdef") != std::string::npos;
}

tl::unexpected<base::Error> only_on_this_machine(string_view what, string_view where) {
    return fail(ErrorKind::usage,
                fmt::format("{}: {} of this machine, which workers cannot open", where, what),
                "put it where workers can download it and write `NAME @ https://…`, or leave it "
                "out: modules of the workspace travel with the transform");
}

base::Status check_index_url(string_view url, string_view option, string_view where) {
    const auto scheme = scheme_of(url);
    if (scheme != "http" && scheme != "https") {
        return fail(ErrorKind::usage,
                    fmt::format("{}: {} needs a URL that workers can open, beginning with https://",
                                where, option));
    }
    const auto breaks = std::any_of(url.begin(), url.end(), [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || c == '\x7f';
    });
    if (breaks) {
        return fail(
            ErrorKind::usage,
            fmt::format("{}: the URL of {} has a blank or control character in it", where, option),
            "one URL an option: repeat the option for more");
    }
    return {};
}

std::vector<std::string> variables_in(string_view text) {
    std::vector<std::string> names;
    for (auto at = text.find("${"); at != string_view::npos; at = text.find("${", at + 1)) {
        const auto name = text.substr(at + 2, text.find('}', at) - at - 2);
        const bool valid = !name.empty() && at + 2 + name.size() < text.size() &&
                           std::all_of(name.begin(), name.end(), [](char c) {
                               return (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_';
                           });
        if (valid && std::find(names.begin(), names.end(), name) == names.end()) {
            names.emplace_back(name);
        }
    }
    return names;
}

void remark_on(string_view text, string_view where, std::vector<Remark>& remarks) {
    for (const auto& name : variables_in(text)) {
        remarks.push_back(
            {fmt::format("{}: ${{{}}} stays as it is: pip fills it in on the workers", where, name),
             fmt::format("set {} in the workers' own environment; --env would store "
                         "its value in the manifest",
                         name)});
    }
    if (holds_credentials(text)) {
        remarks.push_back(
            {fmt::format("{}: the URL holds a user name or password, and a manifest is plain text",
                         where),
             "write ${NAME} in its place and set NAME in the workers' own environment"});
    }
}

}  // namespace genevactl::manifest
