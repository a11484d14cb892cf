// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "genevactl/base/text.hpp"
#include "lock_parts.hpp"
#include "python_text.hpp"
#include "version.hpp"
#include "version_order.hpp"

namespace genevactl::manifest {

namespace {

using std::string_view;
using Specifiers = std::vector<VersionSpecifier>;

/// The release with the number at `index` one higher and nothing behind it.
std::string bumped(const Version& version, std::size_t index) {
    std::string text;
    for (std::size_t i = 0; i <= index; ++i) {
        const auto& number = version.release[i];
        text += (i == 0 ? "" : ".") + (i == index ? next_number(number) : number);
    }
    return text;
}

/// "^1.2.3" goes up to the first number that is not zero, "~1.2" to the second.
std::optional<Specifiers> range(char kind, string_view text) {
    const auto version = parse_version(text);
    if (!version || version->release.empty()) {
        return std::nullopt;
    }
    const auto& release = version->release;
    const auto last = release.size() - 1;
    auto index = std::min<std::size_t>(last, 1);
    if (kind == '^') {
        const auto first = std::ranges::find_if(release, [](const auto& n) { return n != "0"; });
        index = first == release.end() ? last : static_cast<std::size_t>(first - release.begin());
    }
    return Specifiers{{">=", std::string(text)}, {"<", bumped(*version, index)}};
}

std::optional<Specifiers> piece(string_view text) {
    if (text.empty() || text == "*") {
        return Specifiers{};
    }
    if (text.front() == '^' || (text.front() == '~' && text.substr(0, 2) != "~=")) {
        return range(text.front(), strip(text.substr(1)));
    }
    const auto digit = std::min(text.find_first_not_of("<>=!~"), text.size());
    const auto op = digit == 0 ? std::string("==") : std::string(text.substr(0, digit));
    const auto version = std::string(strip(text.substr(digit)));
    return Specifiers{{op == "=" ? "==" : op, version}};
}

/// Blanks before an operator part two comparisons as a comma does.
std::vector<std::string> pieces_of(string_view text) {
    std::string commas;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool begins = string_view("<>=!~^").find(text[at]) != string_view::npos;
        const bool parts = begins && at > 0 && text[at - 1] == ' ';
        commas += parts ? "," : "";
        commas += text[at];
    }
    std::vector<std::string> pieces;
    for (const auto& each : base::split(commas, ',')) {
        if (const auto kept = strip(each); !kept.empty()) {
            pieces.emplace_back(kept);
        }
    }
    return pieces;
}

}  // namespace

bool poetry_allows(string_view constraint, string_view version) {
    for (const auto& alternative : base::split(constraint, '|')) {
        if (alternative.empty() && constraint.find("||") != string_view::npos) {
            continue;  // between the two bars
        }
        const auto pieces = pieces_of(alternative);
        const bool allows = std::ranges::all_of(pieces, [&](const auto& text) {
            const auto specifiers = piece(text);
            return specifiers && contains(*specifiers, version);
        });
        if (allows) {
            return true;
        }
    }
    return false;
}

}  // namespace genevactl::manifest
