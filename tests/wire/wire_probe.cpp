// SPDX-License-Identifier: Apache-2.0
// wire_probe URL DATABASE KEY: carries out one operation of the namespace client a line of standard
// input (a JSON object with "do") and answers one JSON object a line, for tests/wire/*.py.
#include <functional>
#include <iostream>
#include <map>

#include <nlohmann/json.hpp>

#include "genevactl/namespace/client.hpp"
#include "genevactl/namespace/job_pages.hpp"
#include "genevactl/namespace/views.hpp"

namespace {

using namespace genevactl;
using Json = nlohmann::json;

Json error_of(const base::Error& error) {
    return {{"kind", base::name_of(error.kind)},
            {"message", error.message},
            {"hint", error.hint},
            {"api_code", error.api_code ? Json(*error.api_code) : Json()}};
}

template <typename Value>
Json answer_of(const base::Result<Value>& result, const std::function<Json(const Value&)>& show) {
    return result ? Json({{"ok", show(*result)}}) : Json({{"error", error_of(result.error())}});
}

model::ObjectId id_of(const Json& request) {
    return {request.at("id").get<std::vector<std::string>>()};
}

std::optional<std::string> text_of(const Json& request, const char* name) {
    if (!request.contains(name) || request.at(name).is_null()) return std::nullopt;
    return request.at(name).is_string() ? request.at(name).get<std::string>()
                                        : request.at(name).dump();
}

Json show(const model::JobRecord& job) {
    return {{"id", job.id},
            {"table", job.table},
            {"column", job.column},
            {"type", job.type},
            {"status", model::name_of(job.status)},
            {"config", job.config},
            {"launched_by", job.launched_by},
            {"input_columns", job.input_columns},
            {"output_columns", job.output_columns},
            {"launched_at", job.launched_at ? base::rfc3339(*job.launched_at) : ""}};
}

Json show(const std::optional<model::PinnedManifest>& manifest) {
    if (!manifest) return nullptr;
    return {{"name", manifest->name}, {"checksum", manifest->checksum}, {"json", manifest->json}};
}

Json describe(ns::Client& client, const Json& request) {
    return answer_of<model::TableDescription>(
        client.describe_table(id_of(request)), [](const auto& table) {
            Json types = Json::object();
            for (const auto& field : table.schema.fields) {
                types[field.name] = field.type;
            }
            return Json(
                {{"version", table.version}, {"rows", table.rows.value_or(-1)}, {"types", types}});
        });
}

Json query(ns::Client& client, const Json& request) {
    ns::Query query;
    query.columns = request.value("columns", std::vector<std::string>());
    query.filter = text_of(request, "filter");
    query.limit = request.value("limit", 10);
    query.offset = request.value("offset", 0);
    return answer_of<ns::Rows>(client.query(id_of(request), query), [](const ns::Rows& rows) {
        Json list = Json::array();
        for (std::int64_t row = 0; row < rows.size(); ++row) {
            Json values = Json::object();
            for (const auto& field : rows.schema().fields) {
                values[field.name] = Json::parse(rows.json(field.name, row));
            }
            list.push_back(values);
        }
        return list;
    });
}

Json backfill(ns::Client& client, const Json& request) {
    const auto number = [&](const char* name) {
        return request.contains(name) ? std::optional<std::int64_t>(request.at(name).get<int>())
                                      : std::nullopt;
    };
    model::BackfillParameters p;
    p.where = text_of(request, "where");
    p.concurrency = number("concurrency");
    p.intra_applier_concurrency = number("intra_applier_concurrency");
    p.min_checkpoint_size = number("min_checkpoint_size");
    p.max_checkpoint_size = number("max_checkpoint_size");
    p.checkpoint_size = number("checkpoint_size");
    if (request.contains("batch_checkpoint_flush_interval_seconds")) {
        p.checkpoint_flush_interval_seconds =
            request.at("batch_checkpoint_flush_interval_seconds").get<double>();
    }
    p.task_size = number("task_size");
    p.num_frags = number("num_frags");
    p.read_version = number("read_version");
    p.commit_granularity = number("commit_granularity");
    p.cluster = text_of(request, "cluster");
    p.manifest = text_of(request, "manifest");
    return answer_of<std::string>(
        client.backfill(id_of(request), request.at("column").get<std::string>(), p,
                        request.at("seen").get<std::int64_t>()),
        [](const auto& job) { return Json(job); });
}

Json refresh(ns::Client& client, const Json& request) {
    const auto number = [&](const char* name) {
        return request.contains(name) ? std::optional<std::int64_t>(request.at(name).get<int>())
                                      : std::nullopt;
    };
    model::RefreshParameters p;
    p.src_version = number("src_version");
    p.max_rows_per_fragment = number("max_rows_per_fragment");
    p.concurrency = number("concurrency");
    p.intra_applier_concurrency = number("intra_applier_concurrency");
    p.source_task_size = number("source_task_size");
    p.output_limit = number("output_limit");
    p.cluster = text_of(request, "cluster");
    if (const auto json = text_of(request, "manifest")) {
        p.manifest = model::PinnedManifest{.name = {}, .checksum = {}, .json = *json};
    }
    return answer_of<std::string>(ns::refresh_view(client, id_of(request), p),
                                  [](const auto& job) { return Json(job); });
}

Json columns(ns::Client& client, const Json& request) {
    const auto version = [](const std::int64_t& value) { return Json(value); };
    const auto& name = request.at("name").get<std::string>();
    if (request.at("do") == "add_columns") {
        return answer_of<std::int64_t>(
            client.add_columns(id_of(request), {{name, text_of(request, "expression"),
                                                 text_of(request, "virtual_column")}}),
            version);
    }
    return answer_of<std::int64_t>(
        client.alter_columns(id_of(request), {{name, text_of(request, "rename"),
                                               text_of(request, "virtual_column")}}),
        version);
}

Json jobs(ns::Client& client, const Json& request) {
    ns::JobFilter filter;
    filter.table = text_of(request, "table");
    if (request.contains("status")) {
        filter.statuses = {model::parse_job_status(request.at("status").get<std::string>())};
    }
    if (request.contains("since")) {
        filter.since = base::parse_rfc3339(request.at("since").get<std::string>()).value();
    }
    Json list = Json::array();
    auto pages = ns::JobPages::open(client, filter, ns::JobDetail::parameters);
    while (pages) {
        const auto page = pages->next();
        if (!page) return Json({{"error", error_of(page.error())}});
        if (page->empty()) return Json({{"ok", list}});
        for (std::size_t i = 0; i < page->size(); ++i) {
            list.push_back(show(page->record(i)));
        }
    }
    return Json({{"error", error_of(pages.error())}});
}

Json pending(ns::Client& client, const Json& request) {
    model::JobRecord job;
    job.id = request.at("job_id").get<std::string>();
    job.table = "docs";
    job.column = "emb";
    job.launched_by = "ada";
    job.launched_at = base::parse_rfc3339("2026-11-22T09:30:00.25Z").value();
    job.updated_at = job.launched_at;
    job.input_columns = {"text"};
    job.output_columns = {"emb"};
    const auto done = client.ensure_pending_record(job);
    return done ? Json({{"ok", true}}) : Json({{"error", error_of(done.error())}});
}

Json carry_out(ns::Client& client, const Json& request) {
    using Do = std::function<Json(ns::Client&, const Json&)>;
    static const std::map<std::string, Do> table = {
        {"describe", describe},
        {"query", query},
        {"backfill", backfill},
        {"refresh", refresh},
        {"add_columns", columns},
        {"alter_columns", columns},
        {"jobs", jobs},
        {"pending", pending},
        {"list",
         [](auto& c, const auto& r) {
             return answer_of<std::vector<std::string>>(
                 c.list_tables(id_of(r)), [](const auto& names) { return Json(names); });
         }},
        {"count",
         [](auto& c, const auto& r) {
             return answer_of<std::int64_t>(c.count_rows(id_of(r), text_of(r, "filter")),
                                            [](const auto& count) { return Json(count); });
         }},
        {"find_job",
         [](auto& c, const auto& r) {
             return answer_of<std::optional<model::JobRecord>>(
                 c.find_job(r.at("job_id").template get<std::string>()),
                 [](const auto& job) { return job ? show(*job) : Json(); });
         }},
        {"errors",
         [](auto& c, const auto& r) {
             return answer_of<std::vector<model::RowError>>(
                 c.row_errors(r.at("job_id").template get<std::string>(), 20),
                 [](const auto& errors) {
                     Json list = Json::array();
                     for (const auto& error : errors) {
                         list.push_back({error.error_type, error.message, error.column});
                     }
                     return list;
                 });
         }},
        {"manifest",
         [](auto& c, const auto& r) {
             return answer_of<std::optional<model::PinnedManifest>>(
                 c.named_manifest(r.at("name").template get<std::string>()),
                 [](const auto& manifest) { return show(manifest); });
         }},
        {"capabilities", [](auto& c, const auto&) {
             return answer_of<ns::Capabilities>(c.capabilities(), [](const auto& known) {
                 return Json({{"local", known.local}});
             });
         }}};
    return table.at(request.at("do").get<std::string>())(client, request);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) return 2;
    const auto& interrupt = base::no_interrupt();
    base::SystemClock clock(interrupt);
    const auto transport = transport::make_transport({}, clock, interrupt);
    ns::Client client(*transport, {argv[1], argv[2], base::Secret(argv[3]), {}}, &clock);
    for (std::string line; std::getline(std::cin, line);) {
        std::cout << carry_out(client, Json::parse(line)).dump() << std::endl;
    }
    return 0;
}
