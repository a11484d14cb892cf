// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/manifest/json.hpp"
#include "genevactl/manifest/lint.hpp"
#include "genevactl/manifest/pin.hpp"
#include "genevactl/manifest/requirement.hpp"
#include "installable.hpp"
#include "pin_line.hpp"
#include "python_text.hpp"

namespace genevactl::manifest {

namespace {

using base::ErrorKind;
using std::string_view;

/// What uv says to each of its files: the requirement before the annotation
/// "  # via -r 0.in, -r 3.in, pandas".
std::map<std::string, std::string> answers_by_file(string_view answer) {
    std::map<std::string, std::string> result;
    for (const auto line : split_lines(answer)) {
        constexpr string_view k_via = "# via ";
        const auto via = line.find(k_via);
        if (via == string_view::npos) {
            continue;
        }
        const std::string requirement(strip(line.substr(0, via)));
        for (const auto& source : base::split(line.substr(via + k_via.size()), ',')) {
            const auto name = strip(source);
            if (base::starts_with(name, "-r ")) {
                result[std::string(strip(name.substr(3)))] = requirement;
            }
        }
    }
    return result;
}

/// The requirement with one version in the place of its comparisons.
base::Result<std::string> pin_requirement(const PinLine& line, const std::string& answer) {
    const auto asked = parse_requirement(line.text);
    const auto answered = parse_requirement(answer);
    if (!asked || !answered || !is_pinned(answer) || answered->specifiers.size() != 1) {
        return base::fail(ErrorKind::internal,
                          fmt::format("uv answered {} with no version", shown_text(line.text)));
    }
    auto text = asked->name;
    if (!asked->extras.empty()) {
        text += "[" + base::join(asked->extras, ",") + "]";
    }
    text += "==" + answered->specifiers.front().version;
    if (!asked->marker.empty()) {
        text += " ; " + asked->marker;
    }
    return text + line.options;
}

/// The commit that uv chose: what follows the last '@' of its URL.
std::string commit_in(const std::string& answer) {
    const auto parsed = parse_requirement(answer);
    if (!parsed || follows_a_branch(answer)) {
        return {};
    }
    const auto url = parsed->url.substr(0, parsed->url.find('#'));
    return url.substr(url.rfind('@') + 1);
}

/// The line with the commit in the place of its branch or tag, its URL otherwise as it is written
/// (uv hides passwords).
std::string pin_url(const PinLine& line, const std::string& commit) {
    const auto mark = line.text.find("://");
    const auto end = std::min(line.text.find_first_of("# \t", mark), line.text.size());
    const auto path = line.text.find('/', mark + 3);
    auto at = line.text.rfind('@', end - 1);
    if (path == std::string::npos || at == std::string::npos || at < path) {
        at = end;
    }
    return line.text.substr(0, at) + "@" + commit + line.text.substr(end) + line.options;
}

bool stays_as_it_is(const PinLine& line) {
    switch (line.kind) {
        case PinLine::Kind::requirement:
            return is_pinned(line.text);
        case PinLine::Kind::url:
            return !follows_a_branch(line.text);
        default:
            return true;
    }
}

bool has_marker(const std::string& text) {
    const auto parsed = parse_requirement(text);
    return parsed ? !parsed->marker.empty() : text.find("; ") != std::string::npos;
}

/// What to do about a failure, by a word of uv's.
struct Meaning {
    string_view words;
    ErrorKind kind;
    string_view what;
    string_view hint;
};
constexpr std::array<Meaning, 9> k_meanings = {{
    {"401 Unauthorized", ErrorKind::unauthenticated, "an index wants other credentials",
     "give uv a key as its documentation says (UV_INDEX_…_PASSWORD, .netrc, keyring)"},
    {"403 Forbidden", ErrorKind::permission, "an index refuses the credentials",
     "give uv a key as its documentation says (UV_INDEX_…_PASSWORD, .netrc, keyring)"},
    {"error sending request", ErrorKind::unreachable, "an index or a URL cannot be reached",
     "check the network, and the index URLs of the manifest"},
    {"Failed to fetch", ErrorKind::unreachable, "an index or a URL cannot be read",
     "check the network, and the index URLs of the manifest"},
    {"was not found in the package registry", ErrorKind::failed,
     "a package is not there under this name",
     "check the name; is its index among those of the manifest (--extra-index-url)?"},
    {"invalid value", ErrorKind::usage, "uv does not know this Python version or platform",
     "uv's own words below name what it knows"},
    {"No solution found", ErrorKind::failed, "no versions of the requirements fit together",
     "widen one of the ranges that uv names, or ask for another --python-version or "
     "--python-platform"},
    {"Failed to build", ErrorKind::failed, "a package has no wheel, and building it failed",
     "widen its range, or add `--only-binary :all:` as a line of the requirements"},
    {"Git operation failed", ErrorKind::failed, "a repository cannot be read",
     "try `git ls-remote` with its URL"},
}};

}  // namespace

base::Result<Built> pinned(const model::Manifest& manifest, const PinTarget& target,
                           string_view answer) {
    const auto answers = answers_by_file(answer);
    Built built{manifest, {}};
    for (std::size_t i = 0; i < manifest.pip.size(); ++i) {
        const auto line = pin_line(manifest.pip[i]);
        if (stays_as_it_is(line)) {
            continue;
        }
        const auto found = answers.find(pin_file(i));
        if (found == answers.end()) {
            if (!has_marker(line.text)) {
                return base::fail(ErrorKind::internal, fmt::format("uv's answer misses pip[{}]: {}",
                                                                   i, shown_text(line.text)));
            }
            built.remarks.push_back(
                {fmt::format("pip[{}] is left as it is, as its marker does not hold for Python {} "
                             "on {}: {}",
                             i, target.python_version, target.python_platform,
                             shown_text(line.text)),
                 "pin once more with the --python-version and --python-platform where it holds"});
            continue;
        }
        if (line.kind == PinLine::Kind::requirement) {
            GENEVACTL_TRY(built.manifest.pip[i], pin_requirement(line, found->second));
        } else if (const auto commit = commit_in(found->second); !commit.empty()) {
            built.manifest.pip[i] = pin_url(line, commit);
        } else {
            built.remarks.push_back(
                {fmt::format("pip[{}] still follows a branch or tag: uv named no commit", i)});
        }
    }
    built.manifest.checksum = checksum_of(built.manifest);
    return built;
}

base::Error pin_failure(const PinTarget& target, string_view words) {
    base::Error error;
    const auto* const found =
        std::find_if(k_meanings.begin(), k_meanings.end(), [&words](const Meaning& meaning) {
            return words.find(meaning.words) != string_view::npos;
        });
    const bool known = found != k_meanings.end();
    error.kind = known ? found->kind : ErrorKind::failed;
    error.message =
        fmt::format("{} (Python {}, {})", known ? found->what : "uv could not find versions",
                    target.python_version, target.python_platform);
    error.hint = known ? found->hint : "uv's own words are below";
    error.detail = shown_text(strip(words));
    return error;
}

}  // namespace genevactl::manifest
