// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "documents.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/run/verbs.hpp"
#include "inputs.hpp"

namespace genevactl::run {

using base::ErrorKind;

namespace {

/// What is dropped, and what that does to others.
struct Dropping {
    std::vector<model::FieldPath> columns;
    std::vector<std::string> names;       ///< of these, as a command line writes them
    std::vector<std::string> dependents;  ///< computed columns that stay and read one of them
};

bool is_among(const std::vector<std::string>& names, const std::string& name) {
    return std::ranges::find(names, name) != names.end();
}

/// The outputs of one transform go together: the engine computes them as one.
base::Status check_siblings(const model::TableDescription& table, const Dropping& dropping) {
    for (const auto& column : dropping.columns) {
        const auto siblings = model::sibling_columns(table.schema, column.parts.front());
        std::vector<std::string> missing;
        for (const auto& sibling : siblings) {
            if (!is_among(dropping.names, model::FieldPath{{sibling}}.text())) {
                missing.push_back(sibling);
            }
        }
        if (siblings.size() > 1 && !missing.empty()) {
            return base::fail(
                ErrorKind::conflict,
                fmt::format("{}.{} is one of several outputs of a transform, with {}",
                            table.id.text(), column.text(), base::join(missing, ", ")),
                fmt::format("drop them together: genevactl column drop {} {}",
                            base::shell_quote(table.id.text()), base::join(siblings, " ")));
        }
    }
    return {};
}

base::Result<Dropping> plan_drop(const model::TableDescription& table, const ColumnDrop& request) {
    Dropping dropping;
    for (const auto& text : request.columns) {
        GENEVACTL_TRY(auto column, model::FieldPath::parse(text));
        GENEVACTL_CHECK(find_column(table, column));
        if (!is_among(dropping.names, column.text())) {
            dropping.names.push_back(column.text());
            dropping.columns.push_back(std::move(column));
        }
    }
    GENEVACTL_CHECK(check_siblings(table, dropping));
    const auto stays = [&](const std::string& name) {
        return !is_among(dropping.names, model::FieldPath{{name}}.text());
    };
    if (std::ranges::none_of(table.schema.names(), stays)) {
        return base::fail(ErrorKind::usage,
                          fmt::format("{} would have no column left", table.id.text()),
                          "a table keeps at least one");
    }
    for (const auto& column : dropping.columns) {
        for (auto& name : model::dependent_columns(table.schema, column)) {
            if (stays(name) && !is_among(dropping.dependents, name)) {
                dropping.dependents.push_back(std::move(name));
            }
        }
    }
    return dropping;
}

/// "docs.embedding" for each.
std::vector<std::string> full_names(const model::TableDescription& table,
                                    const std::vector<std::string>& names) {
    std::vector<std::string> result;
    for (const auto& name : names) {
        result.push_back(table.id.text() + "." + name);
    }
    return result;
}

std::string warning_of(const Dropping& dropping) {
    return fmt::format(
        "{} {} and can then not be computed any more", base::join(dropping.dependents, ", "),
        dropping.dependents.size() == 1 ? "reads what is dropped" : "read what is dropped");
}

model::Outcome dropped(const model::TableDescription& table, const Dropping& dropping,
                       std::optional<std::int64_t> version) {
    auto document = versioned();
    document["table"] = table.id.text();
    document["columns"] = dropping.names;
    document["action"] = "dropped";
    document["dry_run"] = !version.has_value();
    document["version"] = version ? Json(*version) : Json(nullptr);
    document["dependents"] = dropping.dependents;
    const auto names = full_names(table, dropping.names);
    auto outcome = outcome_of(document, "",
                              {model::Text{{fmt::format("{} {}", version ? "dropped" : "would drop",
                                                        base::join(names, ", "))}}});
    outcome.names = names;
    return outcome;
}

}  // namespace

Answer column_drop(Session& session, const ColumnDrop& request) {
    GENEVACTL_TRY(auto id, model::ObjectId::parse(request.table));
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_TRY(const auto table, describe(*client, id));
    GENEVACTL_TRY(const auto dropping, plan_drop(table, request));
    if (!request.yes && !request.dry_run) {
        auto message = fmt::format("this would drop {} with all values",
                                   base::join(full_names(table, dropping.names), ", "));
        if (!dropping.dependents.empty()) {
            message += "; " + warning_of(dropping);
        }
        return base::fail(ErrorKind::usage, std::move(message),
                          "add --yes to do it; older versions of the table keep them until they "
                          "are cleaned up");
    }
    if (!dropping.dependents.empty()) {
        session.reporter().warn(warning_of(dropping), "");
    }
    if (request.dry_run) {
        return dropped(table, dropping, std::nullopt);
    }
    std::vector<std::string> names;
    for (const auto& column : dropping.columns) {
        names.push_back(api_name(column));
    }
    GENEVACTL_TRY(const auto version, client->drop_columns(id, names));
    return dropped(table, dropping, version);
}

}  // namespace genevactl::run
