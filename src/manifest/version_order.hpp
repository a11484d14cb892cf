// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "version.hpp"

namespace genevactl::manifest {

/// A place in the order of all versions: a version, or the place behind all that belong to it.
struct VersionPoint {
    enum class Behind : std::uint8_t { nothing, locals, posts };

    Version version;
    Behind behind = Behind::nothing;
};
/// Less than, equal to, or greater than zero.
int compare(const VersionPoint& a, const VersionPoint& b);

/// A cut of the order, just before or just after a point.
struct VersionCut {
    VersionPoint point;
    bool after = false;
};
int compare(const VersionCut& a, const VersionCut& b);

/// The versions between two cuts; without one, to the end of the order.
struct VersionInterval {
    std::optional<VersionCut> from = {};
    std::optional<VersionCut> to = {};
};
/// Does no version lie in it?
bool is_empty(const VersionInterval& interval);

/// The number plus one.
std::string next_number(std::string number);

}  // namespace genevactl::manifest
