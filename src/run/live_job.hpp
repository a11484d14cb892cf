// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/model/job.hpp"
#include "genevactl/model/names.hpp"
#include "genevactl/model/view.hpp"
#include "genevactl/namespace/client.hpp"
#include "genevactl/run/session.hpp"
#include "genevactl/run/verbs.hpp"

namespace genevactl::run {

/// When somebody last wrote to the record: its launch where it tells no update.
std::optional<base::WallTime> last_update(const model::JobRecord& record);

/// A record that nobody updated for longer than the setting says.
bool is_stale(const model::JobRecord& record, base::WallTime now, base::Microseconds stale_after);

/// The table that a record is of. It names the last part of the path alone; the local deployment
/// writes the whole path of a table in a child namespace into the config.
model::ObjectId table_of(const model::JobRecord& record);

/// Is it of that table, as far as it tells? One that names no whole path counts for every table of
/// a child namespace with that name.
bool is_of_table(const model::JobRecord& record, const model::ObjectId& table);

/// The record of an id that must be there: not_found with where the ids are shown.
base::Result<model::JobRecord> existing_job(ns::Client& client, const std::string& id);

/// The newest PENDING or RUNNING job of one of the columns of a table, or nothing. A stale one is
/// warned of and does not count.
base::Result<std::optional<model::JobRecord>> find_live_job(
    Session& session, ns::Client& client, const model::ObjectId& table,
    const std::vector<std::string>& columns);

/// Were the two asked for the same? Compares what the record's config tells (the local deployment
/// writes the parameters there); a record that tells nothing equals only a call without parameters.
bool same_parameters(const model::JobRecord& record, const model::BackfillParameters& parameters);
bool same_parameters(const model::JobRecord& record, const model::RefreshParameters& parameters);

}  // namespace genevactl::run
