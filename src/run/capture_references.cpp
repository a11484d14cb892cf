// SPDX-License-Identifier: Apache-2.0
#include "capture_references.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "genevactl/base/try.hpp"
#include "tables_below.hpp"

namespace genevactl::run {

namespace {

constexpr std::size_t k_digest = 64;  // hex digits

bool is_of_a_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

void add_metadata(References& references, const model::StringMap& metadata) {
    for (const auto& [key, value] : metadata) {
        references.add(value);
    }
}

void add_field(References& references, const model::Field& field) {
    add_metadata(references, field.metadata);
    for (const auto& child : field.children) {
        add_field(references, child);
    }
}

base::Status add_tables(ns::Client& client, References& references) {
    std::vector<model::ObjectId> tables;
    GENEVACTL_CHECK(collect_tables(client, {}, true, tables));
    for (const auto& id : tables) {
        GENEVACTL_TRY(const auto table, client.describe_table(id));
        add_metadata(references, table.schema.metadata);
        for (const auto& field : table.schema.fields) {
            add_field(references, field);
        }
    }
    references.tables = tables.size();
    return {};
}

base::Status add_named_manifests(ns::Client& client, References& references) {
    constexpr std::int64_t k_page = 1000;
    const model::ObjectId id{{"__system", "geneva_manifests"}};
    for (std::int64_t offset = 0;; offset += k_page) {
        ns::Query query{.columns = {"name", "zips", "checksum"}, .limit = k_page, .offset = offset};
        GENEVACTL_TRY(const auto rows, client.query(id, query));
        for (std::int64_t row = 0; row < rows.size(); ++row) {
            references.add(rows.json("zips", row));
            references.add(rows.text("checksum", row).value_or(""));
        }
        if (rows.size() < k_page) {
            return {};
        }
    }
}

}  // namespace

void References::add(std::string_view text) {
    constexpr std::string_view k_ending = ".zip";
    while (!text.empty()) {
        const auto begin = std::ranges::find_if(text, is_of_a_name);
        const auto end = std::find_if_not(begin, text.end(), is_of_a_name);
        const std::string_view word(begin, end);
        if (word.ends_with(k_ending)) {
            archives.emplace(word);
        } else if (word.size() == k_digest) {
            checksums.emplace(word);
        }
        text = std::string_view(end, text.end());
    }
}

base::Result<References> references_of(ns::Client& client) {
    References references;
    if (auto read = add_tables(client, references); !read) {
        return base::fail(std::move(read).error().while_doing("reading what the tables refer to"));
    }
    if (auto read = add_named_manifests(client, references); !read) {
        return base::fail(std::move(read).error().while_doing("reading the named manifests"));
    }
    GENEVACTL_TRY(const auto fallback, client.default_manifest());
    references.default_is_known = fallback.readable;
    if (fallback.manifest) {
        references.add(fallback.manifest->json);
        references.add(fallback.manifest->checksum);
    }
    return references;
}

}  // namespace genevactl::run
