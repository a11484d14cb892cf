// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "documents.hpp"
#include "genevactl/run/view_create.hpp"

namespace genevactl::run {

/// The beginning of every document about a change of a view: its name, the verb, and whether it was
/// only looked at.
Json view_document(const model::ObjectId& view, std::string_view action, bool dry_run);

/// What was made, or (without `made`) would be.
model::Outcome made_outcome(const PreparedView& view, std::string_view action,
                            const std::optional<MadeView>& made,
                            std::optional<std::int64_t> rows_before);

/// "a view" or "a table", as a sentence about something that is in the way says it.
std::string kind_of(const model::TableDescription& table);

/// The columns of a view's query as a person reads them; "every column" for nothing.
std::string selected(const std::optional<std::vector<model::ViewColumn>>& columns);

/// The jobs that fill the view are the last of this directory; says how to follow them, or how to
/// fill a view that has no rows.
void say_what_fills(Session& session, const model::ObjectId& view, const ns::CreatedView& created);

}  // namespace genevactl::run
