// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "genevactl/model/decision.hpp"
#include "genevactl/model/job.hpp"
#include "genevactl/model/outcome.hpp"
#include "genevactl/model/schema.hpp"
#include "genevactl/model/snapshot.hpp"
#include "genevactl/model/transform.hpp"

/// The JSON of every command (docs/json.md) and the blocks that a person reads, from the nouns of
/// the model. A field is added, never renamed.
namespace genevactl::run {

using Json = nlohmann::ordered_json;

/// An object that starts with the version of its format.
Json versioned();
/// A value, or null for none.
template <typename Value>
Json or_null(const std::optional<Value>& value) {
    return value ? Json(*value) : Json(nullptr);
}
/// One line of JSON; invalid UTF-8 becomes U+FFFD.
std::string dump(const Json& json);

/// What a list of jobs tells of each: everything but config, metrics and events.
Json listed_json(const model::JobRecord& record);
/// The same as dump() of it, written without a tree: a list may have a hundred thousand of them.
std::string listed_line(const model::JobRecord& record);
Json to_json(const model::JobRecord& record);
Json to_json(const model::Decision& decision);
Json to_json(const model::ColumnSnapshot& snapshot);
Json to_json(const model::Field& field);
Json to_json(const model::RowError& error);
Json to_json(const model::PinnedManifest& manifest);

/// "embedding-deps@c3438299", or "none".
std::string short_manifest(const std::optional<model::PinnedManifest>& manifest);
/// The candidates of a decision, the winner marked, and its notes.
std::vector<model::Block> blocks_of(const model::Decision& decision);
/// A job as name and value.
model::Properties properties_of(const model::JobRecord& record);
model::Tone tone_of(model::JobStatus status);

/// An outcome of one object: its document, one name, and blocks.
model::Outcome outcome_of(const Json& document, std::string name, std::vector<model::Block> blocks);
/// An outcome of a list: a JSON array, a line each for jsonl and name.
model::Outcome list_outcome(const std::vector<Json>& items, std::vector<std::string> names,
                            model::Table table);

}  // namespace genevactl::run
