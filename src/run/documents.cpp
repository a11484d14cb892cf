// SPDX-License-Identifier: Apache-2.0
#include "documents.hpp"

#include <fmt/format.h>

#include "genevactl/base/clock.hpp"
#include "genevactl/base/text.hpp"
#include "json_line.hpp"

namespace genevactl::run {

using model::Cell;
using model::Tone;

namespace {

constexpr int k_schema_version = 1;

/// A text, or null for an empty one.
std::optional<std::string_view> if_any(std::string_view text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

Json tree(int number) {
    return number;
}
Json tree(std::string_view text) {
    return text;
}
Json tree(std::optional<std::string_view> text) {
    return text ? Json(*text) : Json(nullptr);
}
Json tree(std::optional<base::WallTime> time) {
    return time ? Json(base::rfc3339(*time)) : Json(nullptr);
}
Json tree(const std::vector<std::string>& texts) {
    return texts;
}

Json text_or_null(std::string_view text) {
    return tree(if_any(text));
}

/// Calls `add` with the name and the value of each member of a listed job, in their order.
template <typename Add>
void each_listed(const model::JobRecord& record, Add add) {
    add("schema_version", k_schema_version);
    add("job_id", std::string_view(record.id));
    add("table", std::string_view(record.table));
    add("column",
        record.is_refresh() ? std::nullopt : std::optional<std::string_view>(record.column));
    add("type", std::string_view(record.type));
    add("status", model::name_of(record.status));
    add("launched_at", record.launched_at);
    add("completed_at", record.completed_at);
    add("updated_at", record.updated_at);
    add("launched_by", if_any(record.launched_by));
    add("manifest", if_any(record.manifest_id));
    add("manifest_checksum", if_any(record.manifest_checksum));
    add("cluster", if_any(record.cluster));
    add("input_columns", record.input_columns);
    add("output_columns", record.output_columns);
}

/// JSON that a server or the engine wrote: as it is when it parses, else as text.
Json parsed(const std::string& text) {
    auto json = Json::parse(text, nullptr, false);
    return json.is_discarded() ? Json(text) : json;
}

}  // namespace

Json versioned() {
    Json json;
    json["schema_version"] = k_schema_version;
    return json;
}

std::string dump(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json listed_json(const model::JobRecord& record) {
    Json json;
    each_listed(record, [&json](const char* name, const auto& value) { json[name] = tree(value); });
    return json;
}

std::string listed_line(const model::JobRecord& record) {
    constexpr std::size_t k_usual_line = 768;
    JsonLine line(k_usual_line);
    each_listed(record, [&line](const char* name, const auto& value) { line.add(name, value); });
    return std::move(line).text();
}

Json to_json(const model::JobRecord& record) {
    auto json = listed_json(record);
    json["config"] = record.config.empty() ? Json(nullptr) : parsed(record.config);
    json["metrics"] = Json::array();
    for (const auto& metric : record.metrics) {
        Json entry;
        entry["name"] = metric.name;
        entry["done"] = metric.done;
        entry["total"] = metric.total;
        entry["description"] = metric.description;
        json["metrics"].push_back(std::move(entry));
    }
    json["events"] = record.events;
    return json;
}

Json to_json(const model::PinnedManifest& manifest) {
    Json json;
    json["name"] = manifest.name;
    json["checksum"] = manifest.checksum;
    json["content"] = parsed(manifest.json);
    return json;
}

Json to_json(const model::Decision& decision) {
    auto json = versioned();
    json["origin"] = model::name_of(decision.origin);
    json["manifest"] = text_or_null(decision.name);
    json["checksum"] = text_or_null(decision.checksum);
    json["candidates"] = Json::array();
    for (const auto& candidate : decision.candidates) {
        Json entry;
        entry["origin"] = model::name_of(candidate.origin);
        entry["won"] = candidate.won;
        entry["manifest"] = text_or_null(candidate.name);
        entry["checksum"] = text_or_null(candidate.checksum);
        entry["reason"] = candidate.reason;
        json["candidates"].push_back(std::move(entry));
    }
    json["notes"] = decision.notes;
    return json;
}

Json to_json(const model::ColumnSnapshot& snapshot) {
    Json json;
    json["udf_name"] = snapshot.udf_name;
    json["udf_backend"] = snapshot.udf_backend;
    json["udf"] = snapshot.udf;
    json["identity"] = text_or_null(snapshot.identity);
    json["inputs"] = snapshot.inputs;
    json["auto_backfill"] = snapshot.auto_backfill;
    json["manifest"] = snapshot.manifest ? to_json(*snapshot.manifest) : Json(nullptr);
    json["platform"]["system"] = snapshot.platform_system;
    json["platform"]["arch"] = snapshot.platform_arch;
    json["platform"]["python_version"] = snapshot.platform_python;
    json["field_metadata"] = snapshot.field_metadata;
    return json;
}

Json to_json(const model::Field& field) {
    Json json;
    json["name"] = field.name;
    json["type"] = field.type;
    json["nullable"] = field.nullable;
    return json;
}

Json to_json(const model::RowError& error) {
    Json json;
    json["error_type"] = error.error_type;
    json["message"] = error.message;
    json["row_address"] = error.row_address ? Json(*error.row_address) : Json(nullptr);
    json["traceback"] = text_or_null(error.traceback);
    return json;
}

std::string short_manifest(const std::optional<model::PinnedManifest>& manifest) {
    return manifest ? fmt::format("{}@{:.8}", manifest->name, manifest->checksum) : "none";
}

std::vector<model::Block> blocks_of(const model::Decision& decision) {
    model::Table table{.headings = {"", "ORIGIN", "MANIFEST", "REASON"}, .rows = {}};
    for (const auto& candidate : decision.candidates) {
        const auto tone = candidate.won ? Tone::strong : Tone::dim;
        const auto name = candidate.name.empty() ? "-"
                          : candidate.checksum.empty()
                              ? candidate.name
                              : fmt::format("{}@{:.8}", candidate.name, candidate.checksum);
        table.rows.push_back({Cell{candidate.won ? ">" : " ", Tone::good},
                              Cell{std::string(model::name_of(candidate.origin)), tone},
                              Cell{name, tone}, Cell{candidate.reason, tone}});
    }
    std::vector<model::Block> blocks{std::move(table)};
    for (const auto& note : decision.notes) {
        blocks.emplace_back(model::Text{{"note: " + note, Tone::caution}});
    }
    return blocks;
}

model::Tone tone_of(model::JobStatus status) {
    switch (status) {
        case model::JobStatus::done:
            return Tone::good;
        case model::JobStatus::failed:
            return Tone::bad;
        case model::JobStatus::cancelled:
            return Tone::caution;
        default:
            return Tone::plain;
    }
}

model::Properties properties_of(const model::JobRecord& record) {
    model::Properties properties;
    auto add = [&](std::string name, std::string text, Tone tone = Tone::plain) {
        if (!text.empty()) {
            properties.rows.emplace_back(std::move(name), Cell{std::move(text), tone});
        }
    };
    auto add_time = [&](std::string name, const std::optional<base::WallTime>& time) {
        add(std::move(name), time ? base::rfc3339(*time) : "");
    };
    add("job", record.id, Tone::strong);
    add("target", record.target());
    add("status", std::string(model::name_of(record.status)), tone_of(record.status));
    add_time("launched", record.launched_at);
    add_time("updated", record.updated_at);
    add_time("completed", record.completed_at);
    if (record.launched_at && record.ended_at()) {
        add("took", base::format_duration(*record.ended_at() - *record.launched_at));
    }
    add("launched by", record.launched_by);
    if (!record.manifest_id.empty()) {
        add("manifest", fmt::format("{}@{:.8}", record.manifest_id, record.manifest_checksum));
    }
    add("cluster", record.cluster);
    for (const auto& metric : record.metrics) {
        if (metric.worth_showing(record.status)) {
            add(metric.name, fmt::format("{} of {}", base::group_digits(metric.done),
                                         base::group_digits(metric.total)));
        }
    }
    std::string events;
    for (const auto& event : record.events) {
        events += (events.empty() ? "" : "\n") + event;
    }
    add("events", events);
    return properties;
}

model::Outcome outcome_of(const Json& document, std::string name,
                          std::vector<model::Block> blocks) {
    return {.document = dump(document), .names = {std::move(name)}, .blocks = std::move(blocks)};
}

model::Outcome list_outcome(const std::vector<Json>& items, std::vector<std::string> names,
                            model::Table table) {
    model::Outcome outcome{
        .is_list = true, .names = std::move(names), .blocks = {std::move(table)}};
    Json list = Json::array();
    for (const auto& item : items) {
        outcome.items.push_back(dump(item));
        list.push_back(item);
    }
    outcome.document = dump(list);
    return outcome;
}

}  // namespace genevactl::run
