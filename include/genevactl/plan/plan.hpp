// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/model/job.hpp"
#include "genevactl/model/names.hpp"
#include "genevactl/model/schema.hpp"
#include "genevactl/model/snapshot.hpp"
#include "genevactl/model/transform.hpp"
#include "genevactl/model/view.hpp"
#include "genevactl/project/file.hpp"

/// What has to be done so that a deployment is as a project file says: one pure function.
namespace genevactl::plan {

/// A column of the project file, or all columns of one transform with several outputs, with what
/// this machine says of it.
struct WantedColumn {
    model::ObjectId table;
    std::vector<std::string> columns;
    std::string place = {};  ///< where it stands: "geneva.toml:12"
    /// One of both; none for a column that stays as it is.
    std::optional<model::TransformDescription> transform = {};
    std::optional<std::string> expression = {};
    std::optional<model::PinnedManifest> manifest = {};  ///< that will be pinned
    project::Due due = project::Due::fresh;
    std::optional<std::string> where = {};

    std::string text() const;  ///< "docs.embedding", "docs.width,height"
};

struct WantedView {
    model::ObjectId name;
    model::ObjectId source = {};
    std::string place = {};
    std::optional<model::ViewKind> kind = {};  ///< nothing for a view that stays as it is
    std::optional<model::TransformDescription> transform = {};
    std::vector<model::ViewColumn> select = {};  ///< every column of the source if empty
    std::string where = {};
    std::string partition_by = {};
    std::optional<model::PinnedManifest> manifest = {};
    project::Due due = project::Due::fresh;
};

/// Archives that a captured manifest needs and that are not at the deployment's place for them.
struct Upload {
    std::string manifest;  ///< its name
    std::string checksum;
    std::uint64_t bytes = 0;
    std::size_t archives = 0;
};

struct Wanted {
    std::vector<WantedColumn> columns = {};
    std::vector<WantedView> views = {};
    std::vector<Upload> uploads = {};
};

struct Seen {
    /// Every table and view of the database that was looked at, by ObjectId::text().
    std::map<std::string, model::TableDescription> tables = {};
    /// The jobs of these, newest first. PENDING and RUNNING ones go on: none is stale.
    std::map<std::string, std::vector<model::JobRecord>> jobs = {};
};

struct Options {
    bool prune = false;
    /// All columns ("docs.embedding") and views of the file, chosen or not.
    std::set<std::string> listed = {};
    /// Whether --select chooses it; all if empty.
    std::function<bool(const std::string&)> selects = {};
};

enum class Action : std::uint8_t {
    upload,
    add_column,
    alter_column,
    create_view,
    recreate_view,
    backfill,
    refresh,
    drop_column,
    drop_view,
};
/// "upload", "add-column", "alter-column", …
std::string_view name_of(Action action);
/// A job on a column or view.
inline bool is_job(Action action) {
    return action == Action::backfill || action == Action::refresh;
}

struct Step {
    Action action = Action::add_column;
    model::ObjectId table = {};             ///< the table or view; of an upload none
    std::vector<std::string> columns = {};  ///< of a column's steps
    std::string manifest = {};              ///< of an upload: its name
    std::string reason = {};
    std::optional<model::PinnedManifest> before = {};  ///< alter, recreate: what was pinned
    std::optional<model::PinnedManifest> after =
        {};                                  ///< add, alter, create, recreate: what will be
    bool recompute = false;                  ///< backfill: rows that have a value, too
    std::optional<std::string> where = {};   ///< backfill: the rows that the file chooses
    std::string follows = {};                ///< a job: the id of one that does it already
    std::optional<std::size_t> wanted = {};  ///< index in Wanted::columns or ::views
    std::vector<std::size_t> needs = {};     ///< indexes of the steps that come before it
    /// The cost, where it was found out: rows that a job computes or that a view loses, bytes of an
    /// upload.
    std::optional<std::int64_t> rows = {};
    std::optional<std::uint64_t> bytes = {};

    std::string target() const;  ///< "docs.embedding", "chunks", "embedding-deps" of an upload
};

/// Something that stands in the way: no step can mend it.
struct Obstacle {
    std::string target;
    base::Error error;
};

/// What the deployment has and the file has not.
struct Unlisted {
    model::ObjectId table;
    std::vector<std::string> columns = {};  ///< empty for a view
    std::string made_by = {};               ///< the transform's name
    std::optional<model::PinnedManifest> manifest = {};

    std::string text() const;
};

/// What was found out of a target on both sides: what a plan that was kept is compared with.
struct Facts {
    std::string target;
    model::StringMap deployment = {};
    model::StringMap local = {};
    bool operator==(const Facts&) const = default;
};

struct Plan {
    std::vector<Step> steps = {};  ///< each after those that it needs
    std::vector<Obstacle> obstacles = {};
    std::vector<Unlisted> unlisted = {};
    std::vector<std::string> notes = {};
    std::vector<Facts> facts = {};

    bool empty() const { return steps.empty() && obstacles.empty(); }
};

/// The plan. No disk, network, clock or log.
Plan make(const Wanted& wanted, const Seen& seen, const Options& options);

/// "wordllama@c3438299", or "none".
std::string short_text(const std::optional<model::PinnedManifest>& manifest);
/// Does the name match? `*` is any text, `?` any one character, nothing else is special.
bool matches(std::string_view glob, std::string_view name);

}  // namespace genevactl::plan
