// SPDX-License-Identifier: Apache-2.0
#include "version_order.hpp"

#include <algorithm>

#include "scanner.hpp"

namespace genevactl::manifest {

namespace {

using Behind = VersionPoint::Behind;

int sign_of(int value) {
    return (value > 0) - (value < 0);
}

int compare_numbers(const std::string& a, const std::string& b) {
    if (a.size() != b.size()) {
        return a.size() < b.size() ? -1 : 1;
    }
    return sign_of(a.compare(b));
}

/// Missing parts count as zero: 1 is 1.0.
int compare_releases(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    const std::string zero = "0";
    for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
        const int order = compare_numbers(i < a.size() ? a[i] : zero, i < b.size() ? b[i] : zero);
        if (order != 0) {
            return order;
        }
    }
    return 0;
}

/// dev < a < b < rc < final
int phase_of(const VersionPoint& point) {
    const auto& version = point.version;
    if (version.pre) {
        return version.pre->first == 'a' ? 1 : version.pre->first == 'b' ? 2 : 3;
    }
    const bool only_dev = version.dev && !version.post && point.behind != Behind::posts;
    return only_dev ? 0 : 4;
}

/// A number, or what lies before or behind all numbers.
struct Place {
    int side = 0;  ///< -1 before, 1 behind
    std::string number = {};
};

Place post_of(const VersionPoint& point) {
    if (point.behind == Behind::posts) {
        return {1};
    }
    return point.version.post ? Place{0, *point.version.post} : Place{-1};
}

Place dev_of(const VersionPoint& point) {
    const bool none = point.behind == Behind::posts || !point.version.dev;
    return none ? Place{1} : Place{0, *point.version.dev};
}

int compare_places(const Place& a, const Place& b) {
    if (a.side != b.side) {
        return a.side < b.side ? -1 : 1;
    }
    return a.side == 0 ? compare_numbers(a.number, b.number) : 0;
}

/// Words come before numbers, a shorter list before a longer one that begins with it.
int compare_locals(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        const bool a_number =
            is_digit(a[i].back()) && a[i].find_first_not_of("0123456789") == std::string::npos;
        const bool b_number =
            is_digit(b[i].back()) && b[i].find_first_not_of("0123456789") == std::string::npos;
        if (a_number != b_number) {
            return a_number ? 1 : -1;
        }
        const int order = a_number ? compare_numbers(a[i], b[i]) : sign_of(a[i].compare(b[i]));
        if (order != 0) {
            return order;
        }
    }
    return a.size() == b.size() ? 0 : a.size() < b.size() ? -1 : 1;
}

/// The first version behind the point, where there is one: between 1.0+z and 1.0.post0.dev0 lies
/// nothing.
std::optional<Version> first_behind(const VersionPoint& point) {
    auto version = point.version;
    version.local.clear();
    if (point.behind == Behind::locals) {
        if (version.dev) {
            version.dev = next_number(*version.dev);
        } else {
            version.post = version.post ? next_number(*version.post) : "0";
            version.dev = "0";
        }
        return version;
    }
    if (point.behind == Behind::posts && version.pre) {
        version.pre->second = next_number(version.pre->second);
        version.post.reset();
        version.dev = "0";
        return version;
    }
    return std::nullopt;
}

/// 0.dev0
Version first_of_all() {
    Version version;
    version.release = {"0"};
    version.dev = "0";
    return version;
}

}  // namespace

std::string next_number(std::string number) {
    for (auto digit = number.rbegin(); digit != number.rend(); ++digit) {
        if (*digit != '9') {
            ++*digit;
            return number;
        }
        *digit = '0';
    }
    return "1" + number;
}

int compare(const VersionPoint& a, const VersionPoint& b) {
    if (const int order = compare_numbers(a.version.epoch, b.version.epoch); order != 0) {
        return order;
    }
    if (const int order = compare_releases(a.version.release, b.version.release); order != 0) {
        return order;
    }
    if (phase_of(a) != phase_of(b)) {
        return phase_of(a) < phase_of(b) ? -1 : 1;
    }
    if (a.version.pre && b.version.pre) {
        const int order = compare_numbers(a.version.pre->second, b.version.pre->second);
        if (order != 0) {
            return order;
        }
    }
    if (const int order = compare_places(post_of(a), post_of(b)); order != 0) {
        return order;
    }
    if (const int order = compare_places(dev_of(a), dev_of(b)); order != 0) {
        return order;
    }
    const bool a_behind = a.behind != Behind::nothing;
    const bool b_behind = b.behind != Behind::nothing;
    if (a_behind != b_behind) {
        return a_behind ? 1 : -1;
    }
    return a_behind ? 0 : compare_locals(a.version.local, b.version.local);
}

int compare(const VersionCut& a, const VersionCut& b) {
    const int order = compare(a.point, b.point);
    return order != 0 || a.after == b.after ? order : a.after ? 1 : -1;
}

bool is_empty(const VersionInterval& interval) {
    if (!interval.to) {
        return false;
    }
    auto from = interval.from.value_or(VersionCut{{first_of_all()}, false});
    if (const auto first = first_behind(from.point)) {
        from = {{*first}, false};
    }
    return compare(from, *interval.to) >= 0;
}

}  // namespace genevactl::manifest
