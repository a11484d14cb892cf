// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numeric>

#include "genevactl/base/text.hpp"

namespace genevactl::base {

namespace {

/// Edits between two texts: insert, delete, replace, swap of neighbours (the optimal string
/// alignment distance), in bytes.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> previous(b.size() + 1);
    std::vector<std::size_t> current(b.size() + 1);
    std::iota(previous.begin(), previous.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        current[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            current[j] = std::min({replaced, previous[j] + 1, current[j - 1] + 1});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                current[j] = std::min(current[j], before[j - 2] + 1);
            }
        }
        std::swap(before, previous);
        std::swap(previous, current);
    }
    return previous[b.size()];
}

// Longer names are not typed by hand, and the work grows with the product of the lengths.
constexpr std::size_t k_longest_name = 200;

}  // namespace

std::vector<std::string> nearest(std::string_view name, std::span<const std::string> candidates,
                                 std::size_t limit) {
    struct Scored {
        std::size_t distance;
        const std::string* candidate;
    };
    const auto wanted = lower(name);
    std::vector<Scored> scored;
    for (const auto& candidate : candidates) {
        const auto longest = std::max(name.size(), candidate.size());
        if (longest > k_longest_name) {
            continue;
        }
        const auto distance = edit_distance(wanted, lower(candidate));
        if (distance * 3 <= longest) {
            scored.push_back({distance, &candidate});
        }
    }
    std::stable_sort(scored.begin(), scored.end(),
                     [](const Scored& a, const Scored& b) { return a.distance < b.distance; });
    std::vector<std::string> result;
    for (const auto& each : scored) {
        if (result.size() == limit) {
            break;
        }
        result.push_back(*each.candidate);
    }
    return result;
}

std::string did_you_mean(std::string_view name, std::span<const std::string> candidates) {
    const auto near = nearest(name, candidates);
    if (near.empty()) {
        return "";
    }
    const std::span<const std::string> all(near);
    auto text = "did you mean " + join(all.first(all.size() > 1 ? all.size() - 1 : 1), ", ");
    if (all.size() > 1) {
        text += " or " + all.back();
    }
    return text + "?";
}

}  // namespace genevactl::base
