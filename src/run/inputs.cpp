// SPDX-License-Identifier: Apache-2.0
#include "inputs.hpp"

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/manifest/json.hpp"
#include "genevactl/manifest/lint.hpp"
#include "genevactl/model/snapshot.hpp"

namespace genevactl::run {

using base::ErrorKind;

std::filesystem::path from_working_directory(const Session& session,
                                             const std::filesystem::path& path) {
    return session.surroundings().working_directory / path;
}

base::Error as_given(const Session& session, const std::filesystem::path& given,
                     base::Error error) {
    const auto folder = session.surroundings().working_directory.string() + "/";
    if (given.is_absolute()) {
        return error;
    }
    for (auto* text : {&error.message, &error.hint}) {
        for (auto at = text->find(folder); at != std::string::npos; at = text->find(folder, at)) {
            text->erase(at, folder.size());
        }
    }
    return error;
}

base::Result<model::ManifestDocument> read_manifest(const Session& session,
                                                    const std::filesystem::path& file,
                                                    bool verify) {
    auto read = manifest::read(from_working_directory(session, file), verify);
    if (read) {
        return read;
    }
    auto error = as_given(session, file, std::move(read).error());
    if (error.kind == ErrorKind::not_found && error.hint.empty()) {
        error.hint =
            fmt::format("make it with `genevactl manifest create pip NAME REQ... --out {}`",
                        base::shell_quote(file.string()));
    }
    return base::fail(std::move(error));
}

base::Result<model::ManifestDocument> read_public_manifest(const Session& session,
                                                           const std::filesystem::path& file) {
    GENEVACTL_TRY(auto read, read_manifest(session, file));
    for (const auto& finding : manifest::lint(read.manifest)) {
        if (manifest::is_secret(finding)) {
            return base::fail(
                ErrorKind::refused,
                fmt::format("{}: {}: {}", file.string(), finding.where, finding.message),
                finding.hint);
        }
    }
    return read;
}

base::Result<model::PinnedManifest> read_pinned(const Session& session,
                                                const std::filesystem::path& file) {
    GENEVACTL_TRY(auto document, read_public_manifest(session, file));
    return model::PinnedManifest{.name = std::move(document.manifest.name),
                                 .checksum = std::move(document.manifest.checksum),
                                 .json = std::move(document.json)};
}

namespace {

/// The tables of a namespace as a command line names them.
std::vector<std::string> names_in(const model::ObjectId& parent,
                                  const std::vector<std::string>& tables) {
    std::vector<std::string> names;
    for (const auto& table : tables) {
        auto id = parent;
        id.parts.push_back(table);
        names.push_back(id.text());
    }
    return names;
}

}  // namespace

base::Result<model::TableDescription> describe(ns::Client& client, const model::ObjectId& id,
                                               std::string_view noun) {
    auto described = client.describe_table(id);
    if (described || described.error().kind != ErrorKind::not_found) {
        return described;
    }
    auto error = std::move(described).error();
    model::ObjectId parent = id;
    parent.parts.pop_back();
    if (const auto tables = client.list_tables(parent)) {
        error.message = fmt::format("there is no {} {} in db://{}", noun, id.text(),
                                    client.connection().database);
        error.hint = base::did_you_mean(id.text(), names_in(parent, *tables));
        if (error.hint.empty()) {
            error.hint = tables->empty()
                             ? "the database has no tables yet"
                             : fmt::format("`genevactl {} list` shows what there is", noun);
        }
    }
    return base::fail(std::move(error));
}

std::string api_name(const model::FieldPath& column) {
    return column.parts.size() == 1 ? column.parts.front() : column.text();
}

base::Result<const model::Field*> find_column(const model::TableDescription& table,
                                              const model::FieldPath& column) {
    if (const auto* field = table.schema.find(column)) {
        return field;
    }
    const auto names = table.schema.names();
    auto hint = base::did_you_mean(column.text(), names);
    return base::fail(ErrorKind::not_found,
                      fmt::format("{} has no column {}", table.id.text(), column.text()),
                      hint.empty() ? "it has " + base::join(names, ", ") : std::move(hint));
}

base::Result<model::ColumnSnapshot> computed_column(const model::TableDescription& table,
                                                    const model::FieldPath& column) {
    GENEVACTL_TRY(const auto* field, find_column(table, column));
    if (auto snapshot = model::column_snapshot(*field)) {
        return std::move(*snapshot);
    }
    return base::fail(ErrorKind::usage,
                      fmt::format("{}.{} is a plain column: no transform computes it",
                                  table.id.text(), column.text()),
                      fmt::format("register one with `genevactl column add {} NAME MODULE:OBJECT`",
                                  table.id.text()));
}

}  // namespace genevactl::run
