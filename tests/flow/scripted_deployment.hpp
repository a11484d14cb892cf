// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "genevactl/model/job.hpp"
#include "support/http_server.hpp"

namespace genevactl::test {

/// A deployment that speaks as much of the namespace API as whole commands need, over tables that
/// are described and jobs that are listed here. A test changes the members before it runs a
/// command; what comes in is in `server.requests()`.
class ScriptedDeployment {
public:
    using Json = nlohmann::ordered_json;

    std::string key = "the-key-that-nobody-may-see";
    std::map<std::string, Json> tables;  ///< by joined id: the answer of describe
    std::int64_t rows = 7;               ///< what count_rows answers
    std::string queried;                 ///< Arrow IPC: what a query of any table answers
    bool has_jobs_table = true;
    std::vector<model::JobRecord> jobs;
    /// The records at earlier versions of the jobs table, oldest first; none: it lists no versions.
    std::vector<std::vector<model::JobRecord>> job_versions = {};
    std::map<std::string, std::vector<Json>> job_output = {};  ///< of a job: answer after answer
    bool keeps_field_metadata = true;                          ///< of a registration
    bool takes_field_metadata = true;               ///< or else refuses the request that has some
    std::vector<std::string> capabilities = {};     ///< none: not a local deployment
    std::string identity_of_views = "v1:5eed";      ///< what a view that is made remembers
    std::map<std::string, std::string> row_errors;  ///< of a job: the Arrow IPC of the answer
    /// Called before each look at a job (a query of the jobs table), with their number from 1.
    std::function<void(int)> on_look = [](int) {};
    /// Called for every request before anything else; an answer ends it there.
    std::function<std::optional<HttpResponse>(const HttpRequest&)> instead =
        [](const HttpRequest&) { return std::nullopt; };
    std::string next_job = "job-new";
    model::JobStatus status_of_new_jobs = model::JobStatus::done;

    ScriptedDeployment();

    HttpServer server;

    model::JobRecord& add_job(const std::string& id, model::JobStatus status,
                              const std::string& launched_at = "2026-11-22T09:20:00Z");
    model::JobRecord* find_job(const std::string& id);
    /// "METHOD path" of every request that may change something.
    std::vector<std::string> changes() const;
    /// The bodies of the requests whose path ends with this.
    std::vector<Json> bodies(const std::string& operation) const;

private:
    HttpResponse answer(const HttpRequest& request);
    HttpResponse list(const std::string& path) const;
    HttpResponse table_operation(const std::string& table, const std::string& operation,
                                 const Json& body);
    HttpResponse change_columns(const std::string& table, const Json& body);
    HttpResponse query_jobs(const Json& body);
    HttpResponse list_job_versions() const;
    HttpResponse start_job(const Json& body);
    HttpResponse create_view(const std::string& view, const Json& body);
    HttpResponse of_genevactl(const HttpRequest& request);

    int m_looks = 0;
};

/// A computed column as describe shows it.
nlohmann::ordered_json computed_field(const std::string& name, const std::string& udf,
                                      const nlohmann::ordered_json& manifest = nullptr);
/// A view of version 10 of `docs` as describe shows it: `kind` as the engine writes it ("1" for a
/// query view that is pinned, "2" for one that follows, "chunker", "udtf"), the query's `base`, and
/// more metadata of its schema.
nlohmann::ordered_json described_view(const std::string& kind,
                                      const nlohmann::ordered_json& base = {{"columns", nullptr}},
                                      const nlohmann::ordered_json& more = nullptr);
/// A file of tests/unit/namespace/data.
std::string arrow_fixture(const std::string& name);

}  // namespace genevactl::test
