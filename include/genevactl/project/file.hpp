// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/base/surroundings.hpp"
#include "genevactl/model/names.hpp"

/// The manifests, columns and views of a project file (docs/project-file.md).
namespace genevactl::project {

/// When a job of a column or view is due: "never"; "new" (`fresh`), while there is no DONE job for
/// its present snapshot; "always".
enum class Due : std::uint8_t { never, fresh, always };
/// "never", "new", "always".
std::string_view name_of(Due due);

/// Where an entry stands.
struct Origin {
    std::filesystem::path file = {};
    unsigned line = 0;

    /// "/home/a/geneva.toml:12".
    std::string text() const;
};

/// [manifests.NAME].
struct ManifestEntry {
    enum class Kind : std::uint8_t { pip, requirements, lock, capture, file };

    std::string name;
    Kind kind = Kind::pip;
    std::vector<std::string> pip = {};  ///< of the kinds pip and capture
    /// Absolute, as are the other paths: a relative one starts at the folder of the file.
    std::vector<std::filesystem::path> requirements = {};
    std::optional<std::filesystem::path> lock = {};
    std::optional<std::filesystem::path> file = {};  ///< of the kind file: a manifest's JSON
    std::map<std::string, std::string> env_vars = {};
    std::vector<std::string> extra_index_urls = {};
    std::vector<std::string> py_modules = {};
    std::optional<std::string> version = {};
    std::optional<std::string> head_image = {};
    std::optional<std::string> worker_image = {};
    bool skip_site_packages = false;  ///< of the kind capture
    Origin origin = {};
    std::string comment = {};  ///< written above the entry by to_toml(); load() leaves it empty
};

/// [columns."TABLE.COLUMN"]. Of a transform with several outputs, each output is an entry; they
/// name the same transform and are one registration.
struct ColumnEntry {
    model::ObjectId table;
    model::FieldPath column;  ///< one part
    /// Exactly one of the three: MODULE:OBJECT (modules are looked for in the folder of the file),
    /// an SQL expression, or `keep`: a column that is there and stays as it is, whatever computes
    /// it (what `export` cannot know).
    std::optional<std::string> transform = {};
    std::optional<std::string> expression = {};
    bool keep = false;
    std::optional<std::string> manifest = {};  ///< one of the file's
    std::optional<std::vector<std::string>> inputs = {};
    Due backfill = Due::fresh;
    std::optional<std::string> where = {};
    Origin origin = {};
    std::string comment = {};

    /// "docs.embedding".
    std::string text() const;
};

/// [views.NAME].
struct ViewEntry {
    /// `keep`: a view that is there and stays as it is; it has nothing but its name.
    enum class Kind : std::uint8_t { query, chunker, udtf, keep };

    model::ObjectId name;
    model::ObjectId source = {};
    Kind kind = Kind::query;
    std::string transform = {};            ///< of chunker and udtf: MODULE:OBJECT
    std::vector<std::string> select = {};  ///< "id", "alias=expression"
    std::optional<std::string> where = {};
    std::optional<std::string> manifest = {};
    std::optional<std::string> partition_by = {};  ///< of udtf
    Due refresh = Due::fresh;
    Origin origin = {};
    std::string comment = {};
};

struct File {
    std::filesystem::path path = {};  ///< absolute
    std::vector<ManifestEntry> manifests = {};
    std::vector<ColumnEntry> columns = {};
    std::vector<ViewEntry> views = {};  ///< all in the file's order

    /// The manifest of that name, or null.
    const ManifestEntry* manifest(std::string_view name) const;
};

/// The nearest project file (settings::project_file()), its three tables read and checked. Errors:
/// those of settings::project_file(); usage with file, line and column for anything that is wrong
/// (an unknown key with the nearest name, both or none of two, a manifest that the file does not
/// have with the nearest name, a bad name); not_found if there is no project file.
base::Result<File> load(const base::Surroundings& surroundings,
                        const std::optional<std::filesystem::path>& named = {});

/// The text of a geneva.toml with these entries and, if there is one, `uri` in [deployment]; load()
/// of it in the folder of `file.path` gives the same values.
std::string to_toml(const File& file, const std::optional<std::string>& uri);

/// The JSON Schema (draft 2020-12) of a project file (docs/geneva.schema.json).
std::string json_schema();

}  // namespace genevactl::project
