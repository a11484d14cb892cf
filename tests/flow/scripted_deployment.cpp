// SPDX-License-Identifier: Apache-2.0
#include "flow/scripted_deployment.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "genevactl/base/clock.hpp"
#include "genevactl/base/digest.hpp"
#include "genevactl/base/files.hpp"
#include "job_rows.hpp"
#include "support/job_batches.hpp"

namespace genevactl::test {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view k_jobs = "__system$geneva_jobs";

HttpResponse api_error(int status, int code, const std::string& text) {
    return json_response(status, Json({{"error", text}, {"code", code}}).dump());
}

HttpResponse arrow(std::string body) {
    HttpResponse response;
    response.headers = {{"Content-Type", "application/vnd.apache.arrow.file"}};
    response.body = std::move(body);
    return response;
}

Json field(const std::string& name, const Json& type) {
    return {{"name", name}, {"nullable", true}, {"type", type}, {"metadata", Json::object()}};
}

/// The jobs table as describe tells it.
Json jobs_description() {
    auto fields = Json::array();
    for (const auto& column : ns::job_columns()) {
        Json type = {{"type", column.type == ns::JobColumn::Type::time ? "timestamp" : "utf8"}};
        if (column.type == ns::JobColumn::Type::texts) {
            type = {{"type", "list"}, {"fields", Json::array({field("item", {{"type", "utf8"}})})}};
        }
        fields.push_back(field(column.name, type));
        fields.back()["nullable"] = column.nullable;
    }
    return {{"version", 5}, {"schema", {{"fields", fields}}}};
}

/// Does a filter, in the few forms that the client writes, let the job pass?
bool passes(const std::string& filter, const model::JobRecord& job) {
    const auto named = [&](const char* column, const std::string& value) {
        return filter.find(std::string(column) + " ") == std::string::npos ||
               filter.find("'" + value + "'") != std::string::npos;
    };
    const auto bound = [&](const std::string& compared) -> std::optional<base::WallTime> {
        const auto words = "launched_at " + compared + " timestamp '";
        const auto found = filter.find(words);
        if (found == std::string::npos) return std::nullopt;
        const auto start = found + words.size();
        return base::parse_rfc3339(filter.substr(start, filter.find('\'', start) - start)).value();
    };
    if (const auto since = bound(">="); since && job.launched_at < *since) return false;
    if (const auto until = bound("<="); until && job.launched_at > *until) return false;
    return named("job_id", job.id) && named("table_name", job.table) &&
           named("column_name", job.column) &&
           named("status", std::string(model::name_of(job.status)));
}

/// DIR/LAST of a path, split at "/".
std::pair<std::string, std::string> last_two(const std::string& path) {
    const auto slash = path.rfind('/');
    const auto before = path.rfind('/', slash - 1);
    return {path.substr(before + 1, slash - before - 1), path.substr(slash + 1)};
}

bool only_reads(const HttpRequest& request) {
    if (request.method == "GET") return true;
    const auto [object, operation] = last_two(request.path);
    return operation == "describe" || operation == "query" || operation == "count_rows" ||
           operation == "exists" || operation == "list";
}

Json documents() {
    const Json vector = {{"type", "fixed_size_list"},
                         {"length", 4},
                         {"fields", Json::array({field("item", {{"type", "float32"}})})}};
    auto embedding = computed_field("embedding", "embed");
    embedding["type"] = vector;
    auto fields =
        Json::array({field("title", {{"type", "utf8"}}), field("text", {{"type", "utf8"}}),
                     embedding, computed_field("length", "count")});
    return {{"version", 12}, {"location", "/data/docs.lance"}, {"schema", {{"fields", fields}}}};
}

}  // namespace

Json computed_field(const std::string& name, const std::string& udf, const Json& manifest) {
    auto computed = field(name, {{"type", "int64"}});
    computed["metadata"] = {{"virtual_column", "true"},
                            {"virtual_column.udf_name", udf},
                            {"virtual_column.udf_backend", "DockerUDFSpecV1"},
                            {"virtual_column.udf", "_udfs/1a2b"},
                            {"virtual_column.udf_inputs", R"(["text"])"},
                            {"virtual_column.platform.system", "Linux"},
                            {"virtual_column.platform.arch", "x86_64"},
                            {"virtual_column.platform.python_version", "3.11.2"}};
    if (!manifest.is_null()) {
        computed["metadata"]["virtual_column.manifest"] = manifest.dump();
        computed["metadata"]["virtual_column.manifest_checksum"] = manifest["checksum"];
    }
    return computed;
}

Json described_view(const std::string& kind, const Json& base, const Json& more) {
    const Json query = {
        {"base", base}, {"source_table", "docs"}, {"source_db_uri", "db://default"}};
    Json metadata = {{"geneva::view::query", query.dump()},
                     {"geneva::view::base_table", "docs"},
                     {"geneva::view::base_table_db_uri", "/data/root/default"},
                     {"geneva::view::base_table_version", "10"},
                     {"geneva::view::version", kind}};
    if (!more.is_null()) metadata.update(more);
    const auto fields = Json::array({field("id", {{"type", "int64"}})});
    return {{"version", 3},
            {"location", "/data/view.lance"},
            {"metadata", {{"total_rows", "4"}}},
            {"schema", {{"fields", fields}, {"metadata", metadata}}}};
}

std::string arrow_fixture(const std::string& name) {
    auto text = base::read_file(std::string(GENEVACTL_TEST_DATA "/") + name);
    if (!text) throw std::runtime_error(text.error().message);
    return *text;
}

ScriptedDeployment::ScriptedDeployment()
    : server([this](const HttpRequest& request) { return answer(request); }) {
    tables["docs"] = documents();
    queried = arrow_fixture("none.arrow");
}

model::JobRecord& ScriptedDeployment::add_job(const std::string& id, model::JobStatus status,
                                              const std::string& launched_at) {
    model::JobRecord job;
    job.id = id;
    job.table = "docs";
    job.column = "embedding";
    job.type = "BACKFILL";
    job.status = status;
    job.launched_at = base::parse_rfc3339(launched_at).value();
    job.updated_at = base::parse_rfc3339("2026-11-22T09:30:00Z").value();
    job.config = "{}";
    jobs.push_back(std::move(job));
    return jobs.back();
}

model::JobRecord* ScriptedDeployment::find_job(const std::string& id) {
    const auto found = std::ranges::find(jobs, id, &model::JobRecord::id);
    return found == jobs.end() ? nullptr : &*found;
}

std::vector<std::string> ScriptedDeployment::changes() const {
    std::vector<std::string> result;
    for (const auto& request : server.requests()) {
        if (!only_reads(request)) result.push_back(request.method + " " + request.path);
    }
    return result;
}

std::vector<Json> ScriptedDeployment::bodies(const std::string& operation) const {
    std::vector<Json> result;
    for (const auto& request : server.requests()) {
        if (last_two(request.path).second == operation) {
            result.push_back(Json::parse(request.body));
        }
    }
    return result;
}

HttpResponse ScriptedDeployment::answer(const HttpRequest& request) {
    if (auto response = instead(request)) return *response;
    if (request.header("x-api-key") != key) return api_error(401, 16, "unknown key");
    if (request.path.find("/genevactl/") == 0) return of_genevactl(request);
    const auto [object, operation] = last_two(request.path);
    if (request.method == "GET" && operation == "list") return list(request.path);
    if (request.path.find("/v1/namespace/") == 0 && operation == "exists") {
        const auto within = tables.lower_bound(object + "$");
        const bool there = within != tables.end() && within->first.find(object + "$") == 0;
        return there ? json_response(200, "") : api_error(404, 1, "Namespace not found: " + object);
    }
    if (operation == "list" && request.path.find(k_jobs) != std::string::npos) {
        return list_job_versions();
    }
    auto body = Json::parse(request.body, nullptr, false);
    if (request.path.find("/v1/materialized_view/") == 0 && operation == "create") {
        return create_view(object, body);
    }
    return table_operation(object, operation, body);
}

/// The tables of a namespace (…/NAMESPACE/table/list), or the namespaces in it (…/NAMESPACE/list).
HttpResponse ScriptedDeployment::list(const std::string& path) const {
    const auto last = last_two(path).first;
    const bool of_tables = last == "table";
    const auto parent = of_tables ? last_two(path.substr(0, path.rfind("/list"))).first : last;
    const auto prefix = parent == "$" ? std::string() : parent + "$";
    std::set<std::string> names;
    for (const auto& [name, description] : tables) {
        if (name.find(prefix) != 0) continue;
        const auto rest = name.substr(prefix.size());
        const auto cut = rest.find('$');
        if ((cut == std::string::npos) == of_tables) names.insert(rest.substr(0, cut));
    }
    return json_response(200, Json({{of_tables ? "tables" : "namespaces", names}}).dump());
}

HttpResponse ScriptedDeployment::table_operation(const std::string& table,
                                                 const std::string& operation, const Json& body) {
    if (table == k_jobs) {
        if (operation == "query" && has_jobs_table) return query_jobs(body);
        if (operation == "describe" && has_jobs_table) {
            return json_response(200, jobs_description().dump());
        }
        if (operation == "create" || operation == "merge_insert") {
            has_jobs_table = true;
            return json_response(200, R"({"version":6})");
        }
        return api_error(404, 4, "no such table");
    }
    if (table == "__system$geneva_errors") {
        if (operation == "describe") {
            const auto address = field("row_address", {{"type", "int64"}});
            const Json schema = {{"fields", Json::array({address})}};
            return json_response(200, Json({{"version", 3}, {"schema", schema}}).dump());
        }
        for (const auto& [id, rows_of_job] : row_errors) {
            if (body["filter"] == "job_id = '" + id + "'") return arrow(rows_of_job);
        }
        return arrow(arrow_fixture("none.arrow"));
    }
    if (!tables.contains(table)) return api_error(404, 4, "Table does not exist: " + table);
    if (operation == "describe") return json_response(200, tables[table].dump());
    if (operation == "count_rows") return json_response(200, std::to_string(rows));
    if (operation == "backfill_column" || operation == "refresh") return start_job(body);
    if (operation == "query") return arrow(queried);
    if (operation == "drop") {
        tables.erase(table);
        return json_response(200, "");
    }
    if (operation == "rename") {
        const auto name = body["new_table_name"].get<std::string>();
        if (tables.contains(name)) return api_error(409, 5, "Table already exists: " + name);
        auto node = tables.extract(table);
        node.key() = name;
        tables.insert(std::move(node));
        return json_response(200, "{}");
    }
    if (operation == "drop_columns") return json_response(200, R"({"version":13})");
    if (operation == "add_columns" || operation == "alter_columns") {
        return change_columns(table, body);
    }
    return api_error(406, 0, "unsupported: " + operation);
}

/// Keeps the field metadata of a registration, as describe shows it later.
HttpResponse ScriptedDeployment::change_columns(const std::string& table, const Json& body) {
    auto& fields = tables[table]["schema"]["fields"];
    for (const char* list : {"new_columns", "alterations"}) {
        for (const auto& entry : body.value(list, Json::array())) {
            const auto column = entry.value("virtual_column", Json());
            const auto metadata =
                column.is_object() ? column.value("field_metadata", Json()) : Json();
            if (!metadata.is_object()) continue;
            if (!takes_field_metadata) return api_error(400, 13, "unknown field 'field_metadata'");
            if (!keeps_field_metadata) continue;
            const auto name = entry.contains("path") ? entry["path"] : entry["name"];
            auto found = std::find_if(fields.begin(), fields.end(),
                                      [&](const Json& field) { return field["name"] == name; });
            if (found == fields.end()) {
                fields.push_back(computed_field(name, "embed"));
                found = std::prev(fields.end());
            }
            (*found)["metadata"].update(metadata);
        }
    }
    return json_response(200, R"({"version":13})");
}

/// Keeps the definition of a view as metadata of its schema, as a deployment does.
HttpResponse ScriptedDeployment::create_view(const std::string& view, const Json& body) {
    if (tables.contains(view)) return api_error(409, 5, "Table already exists: " + view);
    const auto kind = body["kind"].get<std::string>();
    const auto query = Json::parse(body["source_query"].get<std::string>());
    Json metadata = {{"geneva::view::query", body["source_query"]},
                     {"geneva::view::base_table", query["source_table"]},
                     {"geneva::view::base_table_version", "12"},
                     {"geneva::view::version", kind == "query" ? "2" : kind}};
    if (const auto& spec = body["udtf_spec"]; spec.is_object()) {
        metadata["geneva::view::" + kind] =
            base::base64_decode(spec["udtf"].get<std::string>()).value();
        for (const auto* name : {"manifest", "manifest_checksum"}) {
            if (spec[name].is_string()) {
                metadata[std::string("geneva::view::") + name] = spec[name];
            }
        }
        if (!identity_of_views.empty()) metadata["genevactl.identity"] = identity_of_views;
    }
    const auto fields = Json::array({field("word", {{"type", "utf8"}})});
    tables[view] = {{"version", 1}, {"schema", {{"fields", fields}, {"metadata", metadata}}}};
    Json answer = {{"version", 1}};
    if (body["with_no_data"] == false) {
        add_job(next_job, status_of_new_jobs, "2026-11-22T09:30:00Z").column = "<refresh>";
        jobs.back().table = view;
        answer["job_id"] = next_job;
        next_job += "+";
    }
    return json_response(201, answer.dump());
}

HttpResponse ScriptedDeployment::query_jobs(const Json& body) {
    const bool past = body.contains("version") && !job_versions.empty();
    if (!past) on_look(++m_looks);
    std::vector<model::JobRecord> found;
    for (const auto& job : past ? job_versions[body["version"].get<std::size_t>() - 1] : jobs) {
        if (!body.contains("filter") || passes(body["filter"], job)) found.push_back(job);
    }
    const auto offset = std::min(found.size(), body.value("offset", std::size_t{0}));
    const auto count = std::min(found.size() - offset, body["k"].get<std::size_t>());
    if (count == 0) return arrow(arrow_fixture("none.arrow"));
    const auto first = found.begin() + static_cast<std::ptrdiff_t>(offset);
    return arrow(job_batches({first, first + static_cast<std::ptrdiff_t>(count)}));
}

/// Each version is as old as the youngest record in it.
HttpResponse ScriptedDeployment::list_job_versions() const {
    if (job_versions.empty()) return api_error(406, 0, "unsupported: version list");
    auto versions = Json::array();
    for (auto number = job_versions.size(); number > 0; --number) {
        base::WallTime at{};
        for (const auto& job : job_versions[number - 1]) {
            at = std::max(at, job.updated_at.value_or(at));
        }
        versions.push_back({{"version", number},
                            {"manifest_path", "x"},
                            {"timestamp_millis", at.time_since_epoch().count() / 1000}});
    }
    return json_response(200, Json({{"versions", versions}}).dump());
}

HttpResponse ScriptedDeployment::start_job(const Json& body) {
    add_job(next_job, status_of_new_jobs, "2026-11-22T09:30:00Z").column =
        body.value("column", "<refresh>");
    jobs.back().table = body["id"].back();
    const auto response = json_response(202, Json({{"job_id", next_job}}).dump());
    next_job += "+";
    return response;
}

HttpResponse ScriptedDeployment::of_genevactl(const HttpRequest& request) {
    if (capabilities.empty()) return {.status = 404};
    const auto [object, operation] = last_two(request.path);
    if (operation == "capabilities") {
        const Json answer = {{"service", "genevactl-local"}, {"capabilities", capabilities}};
        return json_response(200, answer.dump());
    }
    if (operation.find("logs") == 0) {
        auto& answers = job_output[object];
        if (answers.empty()) return api_error(404, 4, "job is not known to this deployment");
        const auto answer = answers.front();
        if (answers.size() > 1) answers.erase(answers.begin());
        return json_response(200, answer.dump());
    }
    if (operation == "cancel") {
        if (auto* job = find_job(object)) {
            job->status = model::JobStatus::cancelled;
            return json_response(200, "{}");
        }
        return api_error(404, 4, "no such job");
    }
    return {.status = 404};
}

}  // namespace genevactl::test
