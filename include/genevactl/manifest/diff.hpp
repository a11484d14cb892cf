// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "genevactl/model/manifest.hpp"

namespace genevactl::manifest {

/// What became of one requirement. Texts are fit to be shown: no credentials.
struct RequirementChange {
    enum class Kind : std::uint8_t { added, removed, changed };
    enum class Direction : std::uint8_t { none, up, down };

    std::string list;  ///< "pip" or "conda.pip"
    Kind kind = Kind::changed;
    std::string name;  ///< as an index knows it; the text itself where that is no requirement
    std::optional<std::string> before = {};
    std::optional<std::string> after = {};
    Direction direction = Direction::none;  ///< of a pin that moved to another version
};
std::string_view name_of(RequirementChange::Kind kind);
/// "up", "down" or "".
std::string_view name_of(RequirementChange::Direction direction);

/// What became of another field; of a list or map, one entry each.
struct FieldChange {
    std::string field;  ///< `head_image`, `env_vars["A"]`, `conda.channels`
    std::optional<std::string> before = {};
    std::optional<std::string> after = {};
    bool hidden = false;  ///< the values look like secrets and are not shown
};

struct Difference {
    std::vector<RequirementChange> requirements;
    std::vector<FieldChange> fields;
    bool empty() const { return requirements.empty() && fields.empty(); }
};

/// What changed from one manifest to another, requirement by requirement and field by field. Lists
/// that hold the same in another order differ in a field "… (order)". The checksum is left out: it
/// follows from the rest.
Difference diff(const model::Manifest& before, const model::Manifest& after);

}  // namespace genevactl::manifest
