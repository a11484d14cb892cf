// SPDX-License-Identifier: Apache-2.0
#include "tables_below.hpp"

#include <fmt/format.h>

#include "genevactl/base/try.hpp"

namespace genevactl::run {

namespace {

constexpr int k_namespace_not_found = 1;  // of the API's error codes
constexpr std::string_view k_system_namespace = "__system";
constexpr std::size_t k_deepest_namespace = 32;  // a server may not lead round in circles

base::Result<std::vector<std::string>> tables_of(ns::Client& client,
                                                 const model::ObjectId& parent) {
    auto tables = client.list_tables(parent);
    const bool missing = !tables && tables.error().api_code == k_namespace_not_found;
    if (!parent.parts.empty() && (missing || (tables && tables->empty()))) {
        const auto exists = client.namespace_exists(parent);
        if (exists && !*exists) {
            return base::fail(base::ErrorKind::not_found,
                              fmt::format("there is no namespace {} in db://{}", parent.text(),
                                          client.connection().database),
                              "genevactl table list --recursive shows those that have tables");
        }
    }
    if (!missing || !parent.parts.empty()) {
        return tables;
    }
    GENEVACTL_TRY(const auto capabilities, client.capabilities());
    if (capabilities.local) {
        return std::vector<std::string>{};
    }
    return tables;
}

}  // namespace

base::Status collect_tables(ns::Client& client, const model::ObjectId& parent, bool recursive,
                            std::vector<model::ObjectId>& found) {
    const auto below = [&](const std::string& name) {
        auto id = parent;
        id.parts.push_back(name);
        return id;
    };
    GENEVACTL_TRY(const auto tables, tables_of(client, parent));
    for (const auto& table : tables) {
        found.push_back(below(table));
    }
    if (!recursive) {
        return {};
    }
    GENEVACTL_TRY(const auto namespaces, client.list_namespaces(parent));
    if (!namespaces.empty() && parent.parts.size() >= k_deepest_namespace) {
        return base::fail(
            base::ErrorKind::failed,
            fmt::format("{} has namespaces that are nested too deeply", parent.text()));
    }
    for (const auto& name : namespaces) {
        if (parent.parts.empty() && name == k_system_namespace) {
            continue;  // the engine's own tables: shown when asked for by name
        }
        GENEVACTL_CHECK(collect_tables(client, below(name), recursive, found));
    }
    return {};
}

}  // namespace genevactl::run
