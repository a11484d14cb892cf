// SPDX-License-Identifier: Apache-2.0
#include "view_state.hpp"

#include <cstdlib>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"

namespace genevactl::run {

using model::ViewPinning;

Json to_json(const Staleness& staleness, const model::ViewDefinition& view) {
    Json json;
    const auto pinning = staleness.pinning;
    json["pinned"] =
        pinning == ViewPinning::unknown ? Json(nullptr) : Json(pinning == ViewPinning::pinned);
    json["base_table_version"] = or_null(view.source_version);
    json["refreshed_version"] = or_null(view.refreshed_version);
    json["source_version"] = staleness.source ? Json(staleness.source->version) : Json(nullptr);
    json["versions_behind"] = or_null(staleness.versions);
    json["rows_behind"] = or_null(staleness.rows);
    return json;
}

std::string in_words(const Staleness& staleness, const model::ViewDefinition& view) {
    if (!staleness.source) {
        return fmt::format("{} is not in this database", view.source.text());
    }
    if (!staleness.versions) {
        return "never refreshed";
    }
    if (*staleness.versions == 0) {
        return "up to date";
    }
    auto text = base::plural(*staleness.versions, "version");
    if (!staleness.rows) {
        return text + " behind";
    }
    if (*staleness.rows < 0) {
        return fmt::format("{} behind; the source has {} less", text,
                           base::plural(-*staleness.rows, "row"));
    }
    return fmt::format("{} and {} behind", text, base::plural(*staleness.rows, "row"));
}

std::string transform_text(const model::ViewDefinition& view) {
    if (!view.transform) {
        return {};
    }
    const auto& transform = *view.transform;
    auto text = fmt::format("{}({})", transform.name, base::join(transform.inputs, ", "));
    const auto& by = transform.partition_by.empty() ? transform.partition_by_indexed_column
                                                    : transform.partition_by;
    return by.empty() ? text : fmt::format("{}, partitioned by {}", text, by);
}

}  // namespace genevactl::run
