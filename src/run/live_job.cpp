// SPDX-License-Identifier: Apache-2.0
#include "live_job.hpp"

#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "genevactl/base/try.hpp"
#include "genevactl/model/filter_mark.hpp"
#include "genevactl/namespace/job_pages.hpp"

namespace genevactl::run {

namespace {

using Values = std::map<std::string, nlohmann::json>;

/// The name under which values keep the manifest of a refresh; no parameter's name on the wire.
constexpr const char* k_manifest_checksum = "manifest_checksum";

constexpr const char* k_refresh_names[] = {
    "src_version",      "max_rows_per_fragment", "concurrency", "intra_applier_concurrency",
    "source_task_size", "output_limit",          "cluster"};
constexpr const char* k_names[] = {"where",
                                   "concurrency",
                                   "intra_applier_concurrency",
                                   "min_checkpoint_size",
                                   "max_checkpoint_size",
                                   "checkpoint_size",
                                   "batch_checkpoint_flush_interval_seconds",
                                   "task_size",
                                   "num_frags",
                                   "commit_granularity",
                                   "cluster",
                                   "manifest"};

/// Puts a parameter into the values if it is given.
auto adder(Values& values) {
    return [&values](const char* name, const auto& value) {
        if (value) {
            values[name] = *value;
        }
    };
}

/// The parameters that change what a job computes or how, by their names on the wire. read_version
/// is left out: two calls a moment apart see different versions and mean the same.
Values values_of(const model::BackfillParameters& parameters) {
    Values values;
    const auto add = adder(values);
    add("where", parameters.where);
    add("concurrency", parameters.concurrency);
    add("intra_applier_concurrency", parameters.intra_applier_concurrency);
    add("min_checkpoint_size", parameters.min_checkpoint_size);
    add("max_checkpoint_size", parameters.max_checkpoint_size);
    add("checkpoint_size", parameters.checkpoint_size);
    add("batch_checkpoint_flush_interval_seconds", parameters.checkpoint_flush_interval_seconds);
    add("task_size", parameters.task_size);
    add("num_frags", parameters.num_frags);
    add("commit_granularity", parameters.commit_granularity);
    add("cluster", parameters.cluster);
    add("manifest", parameters.manifest);
    return values;
}

Values values_of(const model::RefreshParameters& parameters) {
    Values values;
    const auto add = adder(values);
    add("src_version", parameters.src_version);
    add("max_rows_per_fragment", parameters.max_rows_per_fragment);
    add("concurrency", parameters.concurrency);
    add("intra_applier_concurrency", parameters.intra_applier_concurrency);
    add("source_task_size", parameters.source_task_size);
    add("output_limit", parameters.output_limit);
    add("cluster", parameters.cluster);
    if (parameters.manifest) values[k_manifest_checksum] = parameters.manifest->checksum;
    return values;
}

/// What the client sends where the user said nothing (wire: concurrency 8, one applier thread).
bool is_default(const std::string& name, const nlohmann::json& value) {
    return value.is_null() || (name == "concurrency" && value == 8) ||
           (name == "intra_applier_concurrency" && value == 1);
}

Values comparable(Values values) {
    if (auto& where = values["where"]; where.is_string()) {
        where = model::without_filter_mark(where.get_ref<const std::string&>());
    }
    std::erase_if(values, [](const auto& entry) { return is_default(entry.first, entry.second); });
    return values;
}

/// What a record's config tells of the parameters. The engine adds keys of its own: only the names
/// of the request count.
template <std::size_t N>
Values values_of(const model::JobRecord& record, const char* const (&names)[N]) {
    const auto config = nlohmann::json::parse(record.config, nullptr, false);
    Values values;
    if (!config.is_object()) {
        return values;
    }
    for (const auto* name : names) {
        if (const auto found = config.find(name); found != config.end()) {
            values[name] = *found;
        }
    }
    return values;
}

}  // namespace

std::optional<base::WallTime> last_update(const model::JobRecord& record) {
    return record.updated_at ? record.updated_at : record.launched_at;
}

bool is_stale(const model::JobRecord& record, base::WallTime now, base::Microseconds stale_after) {
    const auto updated = last_update(record);
    return !model::is_terminal(record.status) && updated && now - *updated > stale_after;
}

bool same_parameters(const model::JobRecord& record, const model::BackfillParameters& parameters) {
    return comparable(values_of(record, k_names)) == comparable(values_of(parameters));
}

bool same_parameters(const model::JobRecord& record, const model::RefreshParameters& parameters) {
    auto values = values_of(record, k_refresh_names);
    // The record of an override has its checksum where any other manifest's would be.
    const auto config = nlohmann::json::parse(record.config, nullptr, false);
    if (config.is_object() && config.value("manifest_origin", nlohmann::json()) == "explicit") {
        values[k_manifest_checksum] = record.manifest_checksum;
    }
    return comparable(std::move(values)) == comparable(values_of(parameters));
}

model::ObjectId table_of(const model::JobRecord& record) {
    const auto config = nlohmann::json::parse(record.config, nullptr, false);
    model::ObjectId id;
    if (config.is_object() && config.contains("table_id") && config["table_id"].is_array()) {
        for (const auto& part : config["table_id"]) {
            if (part.is_string()) id.parts.push_back(part.get<std::string>());
        }
    }
    if (id.parts.empty() || id.parts.back() != record.table) id.parts = {record.table};
    return id;
}

bool is_of_table(const model::JobRecord& record, const model::ObjectId& table) {
    const auto own = table_of(record);
    return own == table || (own.parts.size() == 1 && table.parts.size() > 1 &&
                            own.parts.back() == table.parts.back());
}

base::Result<model::JobRecord> existing_job(ns::Client& client, const std::string& id) {
    GENEVACTL_TRY(auto record, client.find_job(id));
    if (!record) {
        return base::fail(base::ErrorKind::not_found, fmt::format("there is no job {}", id),
                          "`genevactl job list` shows the ids");
    }
    return std::move(*record);
}

base::Result<std::optional<model::JobRecord>> find_live_job(
    Session& session, ns::Client& client, const model::ObjectId& table,
    const std::vector<std::string>& columns) {
    const ns::JobFilter filter{.table = table.parts.back(),
                               .columns = columns,
                               .statuses = {model::JobStatus::pending, model::JobStatus::running}};
    const auto now = session.surroundings().clock->now();
    std::optional<model::JobRecord> live;
    GENEVACTL_TRY(auto pages, ns::JobPages::open(client, filter, ns::JobDetail::parameters));
    while (true) {
        GENEVACTL_TRY(const auto page, pages.next());
        for (std::size_t i = 0; i < page.size(); ++i) {
            auto record = page.record(i);
            if (!is_of_table(record, table)) {
                continue;
            }
            if (is_stale(record, now, session.settings().stale_after.value)) {
                session.reporter().warn(
                    fmt::format("job {} says {} and was not updated for {}: it is left aside",
                                record.id, model::name_of(record.status),
                                base::format_duration(now - *last_update(record))),
                    fmt::format("genevactl job show {}", record.id));
            } else if (!live) {
                live = std::move(record);  // the newest comes first
            }
        }
        if (page.empty()) {
            return live;
        }
    }
}

}  // namespace genevactl::run
