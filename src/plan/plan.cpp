// SPDX-License-Identifier: Apache-2.0
#include "genevactl/plan/plan.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "maker.hpp"

namespace genevactl::plan {

namespace {

std::string column_text(const model::ObjectId& table, const std::vector<std::string>& columns) {
    std::vector<std::string> names;
    for (const auto& column : columns) {
        names.push_back(model::FieldPath{{column}}.text());
    }
    return table.text() + "." + base::join(names, ",");
}

}  // namespace

std::string WantedColumn::text() const {
    return column_text(table, columns);
}

std::string Step::target() const {
    if (action == Action::upload) {
        return manifest;
    }
    return columns.empty() ? table.text() : column_text(table, columns);
}

std::string Unlisted::text() const {
    return columns.empty() ? table.text() : column_text(table, columns);
}

std::string_view name_of(Action action) {
    switch (action) {
        case Action::upload:
            return "upload";
        case Action::add_column:
            return "add-column";
        case Action::alter_column:
            return "alter-column";
        case Action::create_view:
            return "create-view";
        case Action::recreate_view:
            return "recreate-view";
        case Action::backfill:
            return "backfill";
        case Action::refresh:
            return "refresh";
        case Action::drop_column:
            return "drop-column";
        case Action::drop_view:
            break;
    }
    return "drop-view";
}

std::string short_text(const std::optional<model::PinnedManifest>& manifest) {
    return manifest ? fmt::format("{}@{:.8}", manifest->name, manifest->checksum) : "none";
}

bool matches(std::string_view glob, std::string_view name) {
    // The last star may take more of the name whenever what follows it does not fit.
    std::size_t g = 0;
    std::size_t n = 0;
    std::optional<std::pair<std::size_t, std::size_t>> star;
    while (n < name.size()) {
        if (g < glob.size() && glob[g] == '*') {
            star = {g++, n};
        } else if (g < glob.size() && (glob[g] == '?' || glob[g] == name[n])) {
            ++g;
            ++n;
        } else if (star) {
            g = star->first + 1;
            n = ++star->second;
        } else {
            return false;
        }
    }
    return glob.find_first_not_of('*', g) == std::string_view::npos;
}

Plan make(const Wanted& wanted, const Seen& seen, const Options& options) {
    Maker maker{.wanted = wanted, .seen = seen, .options = options};
    for (std::size_t i = 0; i < wanted.views.size(); ++i) {
        plan_view(maker, i);
    }
    for (std::size_t i = 0; i < wanted.columns.size(); ++i) {
        plan_column(maker, i);
    }
    for (std::size_t i = 0; i < wanted.views.size(); ++i) {
        plan_refresh(maker, i);
    }
    plan_uploads(maker);
    plan_unlisted(maker);
    put_in_order(maker);
    return std::move(maker.plan);
}

}  // namespace genevactl::plan
