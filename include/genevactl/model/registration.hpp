// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "genevactl/base/clock.hpp"
#include "genevactl/model/schema.hpp"

namespace genevactl::model {

/// The metadata (of a column's field, or of a view's schema) that keeps when and how genevactl
/// registered it.
inline constexpr const char* k_registered_key = "genevactl.registered";

/// How and when a column or view got its present snapshot. Jobs are told apart from those of
/// earlier snapshots by their launch times alone: the clock of whoever registers may differ from
/// the clock that those times come from, so the newest of them at that moment is kept.
struct Registration {
    enum class How : std::uint8_t {
        added,   ///< it is new: no value was there
        altered  ///< it was pointed at another transform or manifest: its values are older
    };
    How how = How::added;
    std::optional<base::WallTime> at = {};
    /// The launch of the newest job of that column or view at that moment; nothing if it had none.
    std::optional<base::WallTime> last_job = {};
};

/// The text that is kept: {"how":"added","at":…,"last_job":…|null}.
std::string registration_text(const Registration& registration);
/// Nothing where there is none, or none that can be read. A time alone (RFC 3339) means that jobs
/// launched after it count.
std::optional<Registration> registration_of(const StringMap& metadata);

}  // namespace genevactl::model
