// SPDX-License-Identifier: Apache-2.0
// What the comparisons of PEP 440 mean, as intervals of the order of versions.
#include <algorithm>
#include <utility>

#include "genevactl/base/text.hpp"
#include "python_text.hpp"
#include "version.hpp"
#include "version_order.hpp"

namespace genevactl::manifest {

namespace {

using Behind = VersionPoint::Behind;
using Intervals = std::vector<VersionInterval>;

VersionCut before(Version version) {
    return {{std::move(version), Behind::nothing}, false};
}

VersionCut behind(Version version, Behind what) {
    return {{std::move(version), what}, true};
}

/// The first version of a release: 1.2.dev0.
Version dev_of_release(const Version& version, std::vector<std::string> release) {
    Version first;
    first.epoch = version.epoch;
    first.release = std::move(release);
    first.dev = "0";
    return first;
}

/// All that begin with the release: from 1.2.dev0 to before 1.3.dev0.
VersionInterval prefix_interval(const Version& version, std::vector<std::string> release) {
    auto next = release;
    next.back() = next_number(next.back());
    return {before(dev_of_release(version, std::move(release))),
            before(dev_of_release(version, std::move(next)))};
}

Intervals outside(const VersionInterval& inside) {
    return {{std::nullopt, inside.from}, {inside.to, std::nullopt}};
}

VersionInterval equal_interval(const Version& version) {
    const auto what = version.local.empty() ? Behind::locals : Behind::nothing;
    return {before(version), behind(version, what)};
}

VersionInterval less_interval(Version version) {
    // The pre-releases of 1.0 are not less than 1.0 here.
    if (!version.pre && !version.dev) {
        version.dev = "0";
    }
    version.local.clear();
    return {std::nullopt, before(std::move(version))};
}

VersionInterval greater_interval(Version version) {
    version.local.clear();
    if (version.dev) {
        version.dev = next_number(*version.dev);
        return {before(std::move(version)), std::nullopt};
    }
    if (version.post) {
        version.post = next_number(*version.post);
        version.dev = "0";
        return {before(std::move(version)), std::nullopt};
    }
    return {behind(std::move(version), Behind::posts), std::nullopt};
}

VersionInterval compatible_interval(const Version& version) {
    auto release = version.release;
    release.pop_back();
    return {before(version), prefix_interval(version, std::move(release)).to};
}

/// The intervals of a comparison other than `===`; none when its version is none.
Intervals intervals_of(const VersionSpecifier& specifier) {
    auto text = specifier.version;
    const bool wild = text.size() > 2 && text.substr(text.size() - 2) == ".*";
    if (wild) {
        text.resize(text.size() - 2);
    }
    const auto version = parse_version(text);
    const auto& op = specifier.op;
    if (!version || (op == "~=" && version->release.size() < 2)) {
        return {};
    }
    if (op == "==" || op == "!=") {
        const auto inside =
            wild ? prefix_interval(*version, version->release) : equal_interval(*version);
        return op == "==" ? Intervals{inside} : outside(inside);
    }
    if (op == ">=") {
        return {{before(*version), std::nullopt}};
    }
    if (op == "<=") {
        return {{std::nullopt, behind(*version, Behind::locals)}};
    }
    if (op == "<") {
        return {less_interval(*version)};
    }
    return {op == ">" ? greater_interval(*version) : compatible_interval(*version)};
}

bool lies_in(const Version& version, const Intervals& intervals) {
    const VersionCut from = before(version);
    const VersionCut to{{version}, true};
    return std::any_of(intervals.begin(), intervals.end(), [&](const VersionInterval& each) {
        return (!each.from || compare(*each.from, from) <= 0) &&
               (!each.to || compare(to, *each.to) <= 0);
    });
}

bool same_text(std::string_view a, std::string_view b) {
    return base::lower(a) == base::lower(b);
}

Intervals intersected(const Intervals& a, const Intervals& b) {
    Intervals result;
    for (const auto& left : a) {
        for (const auto& right : b) {
            auto both = left;
            if (right.from && (!both.from || compare(*both.from, *right.from) < 0)) {
                both.from = right.from;
            }
            if (right.to && (!both.to || compare(*right.to, *both.to) < 0)) {
                both.to = right.to;
            }
            if (!is_empty(both)) {
                result.push_back(std::move(both));
            }
        }
    }
    return result;
}

}  // namespace

bool contains(const std::vector<VersionSpecifier>& specifiers, std::string_view version) {
    const auto parsed = parse_version(version);
    return std::all_of(specifiers.begin(), specifiers.end(), [&](const VersionSpecifier& each) {
        if (each.op == "===") {
            return same_text(each.version, version);
        }
        return parsed && lies_in(*parsed, intervals_of(each));
    });
}

bool is_unsatisfiable(const std::vector<VersionSpecifier>& specifiers) {
    const auto arbitrary =
        std::find_if(specifiers.begin(), specifiers.end(),
                     [](const VersionSpecifier& each) { return each.op == "==="; });
    if (arbitrary != specifiers.end()) {
        return !contains(specifiers, arbitrary->version);
    }
    Intervals left = {{}};
    for (const auto& each : specifiers) {
        left = intersected(left, intervals_of(each));
    }
    return left.empty();
}

}  // namespace genevactl::manifest
