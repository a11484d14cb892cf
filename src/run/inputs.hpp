// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "genevactl/base/error.hpp"
#include "genevactl/model/manifest.hpp"
#include "genevactl/model/names.hpp"
#include "genevactl/model/schema.hpp"
#include "genevactl/model/snapshot.hpp"
#include "genevactl/run/session.hpp"

namespace genevactl::run {

/// A path that the user wrote, from the session's working directory.
std::filesystem::path from_working_directory(const Session& session,
                                             const std::filesystem::path& path);

/// The error with the files in it as the user wrote them: those below the working directory without
/// it, where `given` is relative.
base::Error as_given(const Session& session, const std::filesystem::path& given, base::Error error);

/// manifest::read of a file that the user named; the errors name it as they did, and one that is
/// not there says how to make one.
base::Result<model::ManifestDocument> read_manifest(const Session& session,
                                                    const std::filesystem::path& file,
                                                    bool verify = true);

/// read_manifest of one that is to be registered, where many can read it; refused if a value in it
/// is a secret.
base::Result<model::ManifestDocument> read_public_manifest(const Session& session,
                                                           const std::filesystem::path& file);

/// The manifest of a file as a job takes it along.
base::Result<model::PinnedManifest> read_pinned(const Session& session,
                                                const std::filesystem::path& file);

/// describe_table; a table that is not there gets the nearest names as a hint. noun is what the
/// command wants it to be: "table", or "view".
base::Result<model::TableDescription> describe(ns::Client& client, const model::ObjectId& id,
                                               std::string_view noun = "table");

/// A column as the API wants it where it takes names: the name itself, or the path into a struct.
std::string api_name(const model::FieldPath& column);

/// The field of a column; not_found with the nearest names.
base::Result<const model::Field*> find_column(const model::TableDescription& table,
                                              const model::FieldPath& column);

/// The snapshot of a computed column; kind usage for a plain one, with what to do.
base::Result<model::ColumnSnapshot> computed_column(const model::TableDescription& table,
                                                    const model::FieldPath& column);

}  // namespace genevactl::run
