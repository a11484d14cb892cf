// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "genevactl/base/clock.hpp"
#include "genevactl/base/error.hpp"
#include "genevactl/base/secret.hpp"
#include "genevactl/model/job.hpp"
#include "genevactl/model/names.hpp"
#include "genevactl/model/schema.hpp"
#include "genevactl/model/snapshot.hpp"
#include "genevactl/namespace/rows.hpp"
#include "genevactl/transport/transport.hpp"

namespace genevactl::ns {  // the folder is `namespace`, which C++ keeps for itself

/// A database of a deployment.
struct Connection {
    std::string base_url;       ///< "http://127.0.0.1:4321", without a trailing slash
    std::string database;       ///< NAME of db://NAME
    base::Secret api_key = {};  ///< sent as x-api-key
    base::Secret bearer = {};   ///< or as Authorization: Bearer
};

struct Query {
    std::vector<std::string> columns = {};  ///< all if empty; the answer names them as asked
    std::optional<std::string> filter = {};
    std::int64_t limit = 10;
    std::int64_t offset = 0;
    std::optional<std::int64_t> version = {};
    bool with_row_id = false;
};

/// An entry of add_columns: an SQL expression or a computed column (the bridge's JSON).
struct NewColumn {
    std::string name;
    std::optional<std::string> expression = {};
    std::optional<std::string> virtual_column = {};
};

/// An entry of alter_columns.
struct Alteration {
    std::string path;
    std::optional<std::string> rename = {};
    std::optional<std::string> virtual_column = {};
};

struct JobFilter {
    std::optional<std::string> table = {};
    std::vector<std::string> columns = {};  ///< of one of them; "" and "<refresh>" are the same
    std::optional<std::string> fills = {};  ///< this column, alone or with others
    std::vector<model::JobStatus> statuses = {};
    std::optional<base::WallTime> since = {};  ///< launched at or after
    std::optional<base::WallTime> until = {};  ///< launched at or before
    std::vector<std::string> ids = {};
};

/// What a deployment says of itself at the local deployment's own endpoint; absent on Enterprise.
struct Capabilities {
    bool local = false;
    std::vector<std::string> names = {};
    std::string document = {};  ///< the whole answer
    bool has(std::string_view name) const;
};

struct DefaultManifest {
    bool readable = false;  ///< false on a deployment that does not tell
    std::optional<model::PinnedManifest> manifest = {};
};

/// Where the deployment keeps `__system/geneva_manifests`, in whose `_geneva_uploads` archives lie.
struct UploadPlace {
    std::string location;  ///< a URI or a path, no slash at its end
    /// How to reach it (`storage_options` of describe): credentials among them.
    std::map<std::string, base::Secret> storage_options;
};

/// The operations of the namespace API (docs/wire in the comments of each source) as typed calls.
/// Errors carry the API's code, the message stripped of control characters, and the request id;
/// kinds by code: 16 unauthenticated, 15 permission, 1/4/10/11/12 … not_found, 2/5 … conflict,
/// 21 throttled, 17 unreachable, 13 usage-like failed, 0 failed with what the deployment lacks.
class Client {
public:
    /// `transport` and `clock` outlive the client. With a clock, every read asks for a state no
    /// older than its own time, as the Python client does: a deployment that caches shows what was
    /// written a moment ago, by whomever.
    Client(transport::Transport& transport, Connection connection, base::Clock* clock = nullptr);

    const Connection& connection() const { return m_connection; }
    transport::Transport& transport() const { return m_transport; }

    base::Result<model::TableDescription> describe_table(const model::ObjectId& id,
                                                         std::optional<std::int64_t> version = {});
    /// Every table (views among them) of a namespace, all pages, sorted by name.
    base::Result<std::vector<std::string>> list_tables(const model::ObjectId& parent);
    /// The namespaces directly below one, all pages, sorted by name.
    base::Result<std::vector<std::string>> list_namespaces(const model::ObjectId& parent);
    base::Result<bool> namespace_exists(const model::ObjectId& id);
    /// The same as the Arrow IPC file that the deployment answers.
    base::Result<std::string> query_ipc(const model::ObjectId& id, const Query& query);
    base::Result<Rows> query(const model::ObjectId& id, const Query& query);
    base::Result<std::int64_t> count_rows(const model::ObjectId& id,
                                          const std::optional<std::string>& filter = {},
                                          std::optional<std::int64_t> version = {});
    /// The table's new version.
    base::Result<std::int64_t> add_columns(const model::ObjectId& id,
                                           const std::vector<NewColumn>& columns);
    base::Result<std::int64_t> alter_columns(const model::ObjectId& id,
                                             const std::vector<Alteration>& alterations);
    /// Drops columns, or fields of structs by their paths, with their values.
    base::Result<std::int64_t> drop_columns(const model::ObjectId& id,
                                            const std::vector<std::string>& columns);
    /// The job's id. `min_read_version` is the table version that the caller has seen.
    base::Result<std::string> backfill(const model::ObjectId& id, const std::string& column,
                                       const model::BackfillParameters& parameters,
                                       std::int64_t min_read_version);

    /// The record of an id, or nothing. Many records are read by JobPages (job_pages.hpp).
    base::Result<std::optional<model::JobRecord>> find_job(const std::string& id);
    /// Writes the PENDING record as the Python client does, unless there is one of that id.
    base::Status ensure_pending_record(const model::JobRecord& record);
    /// At most `limit` failures of rows of a job.
    base::Result<std::vector<model::RowError>> row_errors(const std::string& job_id,
                                                          std::int64_t limit);
    /// A manifest of `__system/geneva_manifests` by name, or nothing.
    base::Result<std::optional<model::PinnedManifest>> named_manifest(const std::string& name);

    /// Where archives are uploaded to, with credentials that the deployment vends now. The table of
    /// manifests is made if there is none, as the client does. Error failed if the deployment does
    /// not say where its files are.
    base::Result<UploadPlace> upload_place();
    /// The same without making anything: nothing if there is no table of manifests yet.
    base::Result<std::optional<UploadPlace>> find_upload_place();

    base::Result<Capabilities> capabilities();
    base::Result<DefaultManifest> default_manifest();
    /// Cancels a job of a deployment that can (capability "cancel").
    base::Status cancel_job(const std::string& id);

private:
    transport::Request read_request(const model::ObjectId& id, std::string_view operation,
                                    const nlohmann::ordered_json& body,
                                    std::optional<std::int64_t> version) const;
    base::Result<std::vector<std::string>> list_names(const model::ObjectId& parent,
                                                      std::string_view operation,
                                                      const std::string& member);
    base::Result<nlohmann::json> send_describe(const model::ObjectId& id,
                                               std::optional<std::int64_t> version, bool vend);
    base::Result<nlohmann::json> describe_manifests();
    base::Result<transport::Response> send_query(const model::ObjectId& id, const Query& query);

    transport::Transport& m_transport;
    Connection m_connection;
    base::Clock* m_clock;
    std::optional<Capabilities> m_capabilities = {};  ///< asked once
};

}  // namespace genevactl::ns
