// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "genevactl/base/clock.hpp"
#include "genevactl/base/error.hpp"
#include "genevactl/local/deployment.hpp"
#include "genevactl/manifest/conda.hpp"
#include "genevactl/manifest/pip.hpp"
#include "genevactl/model/job.hpp"
#include "genevactl/model/outcome.hpp"
#include "genevactl/run/session.hpp"

/// The verbs: one typed request and one function a command. Each function checks its request before
/// any network call, does the work, and answers an Outcome; errors are those of the rooms it uses
/// plus kind usage for a request that cannot be meant.
namespace genevactl::run {

using Answer = base::Result<model::Outcome>;

// --- manifests ---------------------------------------------------------------------------------

struct ManifestCreatePip {
    manifest::PipOptions options;
    std::optional<std::filesystem::path> out = {};
};
Answer manifest_create_pip(Session& session, const ManifestCreatePip& request);

struct ManifestCreateConda {
    manifest::CondaOptions options;
    std::optional<std::filesystem::path> out = {};
};
Answer manifest_create_conda(Session& session, const ManifestCreateConda& request);

struct ManifestCreateSite {
    manifest::BuilderOptions options;
    std::optional<std::filesystem::path> out = {};
};
Answer manifest_create_site(Session& session, const ManifestCreateSite& request);

struct ManifestFile {
    std::filesystem::path file;
};
Answer manifest_show(Session& session, const ManifestFile& request);
/// Prints the checksum of the content; a warning if the file says another.
Answer manifest_checksum(Session& session, const ManifestFile& request);

struct ManifestTry {
    std::filesystem::path file;
    std::optional<std::string> target = {};
};
/// Makes the manifest's environment, imports what it brings or the transform, and removes it.
Answer manifest_try(Session& session, const ManifestTry& request);

struct ManifestLint {
    std::filesystem::path file;
    bool strict = false;  ///< warnings count as errors do
};
/// Ends with kind failed when there is an error (or, if strict, a warning).
Answer manifest_lint(Session& session, const ManifestLint& request);

struct ManifestDiff {
    std::filesystem::path before;
    std::filesystem::path after;
    bool exit_code = false;  ///< end with kind changes_pending when they differ
};
Answer manifest_diff(Session& session, const ManifestDiff& request);

struct ManifestPin {
    std::filesystem::path file;
    std::optional<std::string> python_version = {};  ///< the client's if not given
    std::string python_platform = "linux";           ///< in uv's words
    std::optional<std::filesystem::path> out = {};
};
Answer manifest_pin(Session& session, const ManifestPin& request);

// --- transforms --------------------------------------------------------------------------------

struct TransformInspect {
    std::string target;  ///< MODULE:OBJECT or the file of a bundle
};
Answer transform_inspect(Session& session, const TransformInspect& request);

struct TransformPack {
    std::string target;
    std::filesystem::path out;
    std::optional<std::filesystem::path> manifest = {};
    std::optional<std::vector<std::string>> input_columns = {};
    bool replace_pinned = false;
};
/// Writes what a registration needs to a file that `column add` takes instead of MODULE:OBJECT.
Answer transform_pack(Session& session, const TransformPack& request);

struct TransformRun {
    std::string target;
    std::string table;
    std::int64_t rows = 5;
    std::optional<std::string> where = {};
    std::optional<std::filesystem::path> manifest = {};
    std::optional<std::vector<std::string>> input_columns = {};
};
/// Runs the transform here on a few rows of a table; registers nothing.
Answer transform_run(Session& session, const TransformRun& request);

// --- columns and tables ------------------------------------------------------------------------

/// For `column add` and `column alter`: a transform or (add only) an SQL expression.
struct ColumnRegister {
    std::string table;
    std::string column;  ///< "-" (add only): the transform has several outputs and names them
    std::optional<std::string> target = {};
    std::optional<std::string> expression = {};
    std::optional<std::filesystem::path> manifest = {};
    std::optional<std::vector<std::string>> input_columns = {};
    bool replace_pinned = false;
    bool dry_run = false;
};
Answer column_add(Session& session, const ColumnRegister& request);
Answer column_alter(Session& session, const ColumnRegister& request);

struct ColumnDrop {
    std::string table;
    std::vector<std::string> columns;
    bool yes = false;
    bool dry_run = false;
};
/// Without `yes` it is refused (kind usage), saying what would be dropped.
Answer column_drop(Session& session, const ColumnDrop& request);

struct TableColumn {
    std::string table;
    std::string column = {};
};
Answer column_show(Session& session, const TableColumn& request);
Answer column_list(Session& session, const TableColumn& request);
Answer table_show(Session& session, const TableColumn& request);

struct TableList {
    std::string parent = {};  ///< the namespace; the database itself if empty
    bool recursive = false;   ///< those of the namespaces below it too
};
Answer table_list(Session& session, const TableList& request);

struct TableHead {
    std::string table;
    std::optional<std::vector<std::string>> columns = {};
    std::optional<std::string> where = {};
    std::optional<std::int64_t> limit = {};  ///< ten rows if not given
};
Answer table_head(Session& session, const TableHead& request);

// --- resolution and jobs -----------------------------------------------------------------------

struct Resolve {
    std::string table;
    std::string column = {};                   ///< empty: `table` is a view
    std::optional<std::string> manifest = {};  ///< a name for a column, a file for a view
};
Answer resolve_manifest(Session& session, const Resolve& request);

/// How a command that started or names jobs waits for their end.
struct Waiting {
    bool detach = false;
    std::optional<base::Microseconds> timeout = {};
    bool any = false;  ///< until the first of several has ended, not until all have
};

struct Backfill {
    std::string table;
    std::vector<std::string> columns;
    model::BackfillParameters parameters = {};
    bool force = false;
    bool fresh = false;  ///< --new: another job although one runs
    bool dry_run = false;
    /// A job whose failed rows are computed again; table and columns may then be empty.
    std::optional<std::string> retry_failed = {};
    Waiting waiting = {};
};
Answer backfill(Session& session, const Backfill& request);

// --- the local deployment ----------------------------------------------------------------------

struct LocalSetup {
    bool recreate = false;
};
Answer local_setup(Session& session, const LocalSetup& request);

struct LocalStart {
    std::optional<std::filesystem::path> root = {};
    int port = 0;
    std::string ray = "auto";
    std::optional<std::filesystem::path> config = {};
    int max_jobs = 0;  ///< jobs at once; zero: what deployment.toml says
    bool detach = false;
};
Answer local_start(Session& session, const LocalStart& request);

struct LocalRoot {
    std::optional<std::filesystem::path> root = {};  ///< the last started one if not given
    int lines = 100;                                 ///< logs
};
Answer local_status(Session& session, const LocalRoot& request);
Answer local_stop(Session& session, const LocalRoot& request);
Answer local_logs(Session& session, const LocalRoot& request);
Answer local_env(Session& session, const LocalRoot& request);

// --- settings ----------------------------------------------------------------------------------

struct ConfigKey {
    std::string key = {};
    bool show_origin = false;
};
Answer config_list(Session& session, const ConfigKey& request);
Answer config_get(Session& session, const ConfigKey& request);
struct ConfigSet {
    std::string key;
    std::optional<std::string> value = {};  ///< a secret's comes from standard input instead
};
Answer config_set(Session& session, const ConfigSet& request);
Answer config_use(Session& session, const ConfigKey& request);

}  // namespace genevactl::run
