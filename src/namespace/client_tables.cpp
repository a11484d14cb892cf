// SPDX-License-Identifier: Apache-2.0
// Reading tables: describe, list, query, count.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "api_json.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/model/arrow_json.hpp"
#include "genevactl/namespace/client.hpp"
#include "requests.hpp"

namespace genevactl::ns {

namespace {

using Json = nlohmann::ordered_json;

constexpr int k_names_page = 1000;    // tables or namespaces asked for at once
constexpr int k_most_pages = 10'000;  // more than that is a server that repeats itself

tl::unexpected<base::Error> odd_answer(std::string_view what, std::string_view why) {
    return base::fail(base::ErrorKind::failed,
                      fmt::format("cannot {}: the deployment's answer {}", what, why));
}

/// Rows as describe counts them: a text in `metadata`, or a number in `stats`.
std::optional<std::int64_t> row_count(const nlohmann::json& answer) {
    if (const auto metadata = answer.find("metadata"); metadata != answer.end()) {
        if (const auto text = text_member(*metadata, "total_rows")) {
            const auto digits = text->find_first_not_of("0123456789") == std::string::npos;
            if (digits && !text->empty() && text->size() < 19) return std::stoll(*text);
        }
    }
    if (const auto stats = answer.find("stats"); stats != answer.end()) {
        return integer_member(*stats, "num_rows");
    }
    return std::nullopt;
}

}  // namespace

Client::Client(transport::Transport& transport, Connection connection, base::Clock* clock)
    : m_transport(transport), m_connection(std::move(connection)), m_clock(clock) {
    while (!m_connection.base_url.empty() && m_connection.base_url.back() == '/') {
        m_connection.base_url.pop_back();
    }
}

/// What reads a table. A version that is named is what it is, however old.
transport::Request Client::read_request(const model::ObjectId& id, std::string_view operation,
                                        const nlohmann::ordered_json& body,
                                        std::optional<std::int64_t> version) const {
    auto request = api_request(m_connection, object_path("table", id, operation), body);
    if (m_clock != nullptr && !version) {
        request.headers.emplace_back("x-lancedb-min-timestamp", base::rfc3339(m_clock->now()));
    }
    return request;
}

base::Result<nlohmann::json> Client::send_describe(const model::ObjectId& id,
                                                   std::optional<std::int64_t> version, bool vend) {
    Json body = {{"id", id.parts}};
    if (version) body["version"] = *version;
    body["load_detailed_metadata"] = true;
    body["vend_credentials"] = vend;
    const auto request = read_request(id, "describe", body, version);
    return send_for_json(m_transport, request, "describe table " + id.text());
}

base::Result<model::TableDescription> Client::describe_table(const model::ObjectId& id,
                                                             std::optional<std::int64_t> version) {
    // Nothing that is read here needs the storage behind the API.
    GENEVACTL_TRY(const auto answer, send_describe(id, version, false));
    model::TableDescription description;
    description.id = id;
    description.version = integer_member(answer, "version").value_or(0);
    description.location = text_member(answer, "location");
    description.rows = row_count(answer);
    if (const auto schema = answer.find("schema"); schema != answer.end()) {
        auto read = model::schema_from_json(*schema);
        if (!read) {
            return base::fail(
                std::move(read).error().while_doing("trying to describe table " + id.text()));
        }
        description.schema = std::move(*read);
    }
    return description;
}

base::Result<std::vector<std::string>> Client::list_tables(const model::ObjectId& parent) {
    return list_names(parent, "table/list", "tables");
}

base::Result<std::vector<std::string>> Client::list_namespaces(const model::ObjectId& parent) {
    return list_names(parent, "list", "namespaces");
}

base::Result<bool> Client::namespace_exists(const model::ObjectId& id) {
    constexpr int k_namespace_not_found = 1;
    const auto request =
        api_request(m_connection, object_path("namespace", id, "exists"), {{"id", id.parts}});
    const auto answer = send(m_transport, request, "look for namespace " + id.text());
    if (answer) return true;
    if (answer.error().api_code == k_namespace_not_found) return false;
    return base::fail(base::Error(answer.error()));
}

/// The names in `member` of the answers of a listing `operation`, all pages.
base::Result<std::vector<std::string>> Client::list_names(const model::ObjectId& parent,
                                                          std::string_view operation,
                                                          const std::string& member) {
    const auto what = fmt::format("list the {} of {}", member,
                                  parent.parts.empty() ? m_connection.database : parent.text());
    std::set<std::string> names;
    std::string token;
    for (int page = 0; page < k_most_pages; ++page) {
        auto path =
            object_path("namespace", parent, operation) + fmt::format("&limit={}", k_names_page);
        if (!token.empty()) path += "&page_token=" + transport::percent_encode(token);
        GENEVACTL_TRY(const auto answer,
                      send_for_json(m_transport, api_get(m_connection, path), what));
        const auto list = answer.find(member);
        if (list == answer.end() || !list->is_array()) {
            return odd_answer(what, fmt::format("has no list of {}", member));
        }
        for (const auto& name : *list) {
            if (name.is_string()) names.insert(name.get<std::string>());
        }
        const auto next = text_member(answer, "page_token").value_or("");
        if (next.empty() || next == token)
            return std::vector<std::string>(names.begin(), names.end());
        token = next;
    }
    return odd_answer(what, "never ends");
}

namespace {

std::string to_query(const model::ObjectId& id) {
    return "query table " + id.text();
}

}  // namespace

base::Result<transport::Response> Client::send_query(const model::ObjectId& id,
                                                     const Query& query) {
    const auto what = to_query(id);
    if (query.limit < 1 || query.offset < 0) {  // the API takes a limit of 0 for all rows
        return base::fail(base::ErrorKind::usage,
                          fmt::format("cannot {}: a limit of {} from {} asks for nothing", what,
                                      query.limit, query.offset));
    }
    Json body = {{"id", id.parts}, {"bypass_vector_index", true}};
    if (!query.columns.empty()) body["columns"] = {{"column_names", query.columns}};
    if (query.filter) body["filter"] = *query.filter;
    body["k"] = query.limit;
    if (query.offset > 0) body["offset"] = query.offset;
    body["prefilter"] = true;
    body["vector"] = {{"single_vector", Json::array()}};
    if (query.version) body["version"] = *query.version;
    body["with_row_id"] = query.with_row_id;
    const auto request = read_request(id, "query", body, query.version);
    return send(m_transport, request, what);
}

base::Result<std::string> Client::query_ipc(const model::ObjectId& id, const Query& query) {
    GENEVACTL_TRY(auto response, send_query(id, query));
    return std::move(response.body);
}

base::Result<Rows> Client::query(const model::ObjectId& id, const Query& query) {
    GENEVACTL_TRY(const auto response, send_query(id, query));
    auto rows = Rows::read(response.body);
    if (!rows) {
        auto error = std::move(rows).error().while_doing("trying to " + to_query(id));
        error.request_id = response.request_id;
        return base::fail(std::move(error));
    }
    return rows;
}

base::Result<std::int64_t> Client::count_rows(const model::ObjectId& id,
                                              const std::optional<std::string>& filter,
                                              std::optional<std::int64_t> version) {
    const auto what = "count the rows of table " + id.text();
    Json body = {{"id", id.parts}};
    if (version) body["version"] = *version;
    if (filter) body["predicate"] = *filter;
    const auto request = read_request(id, "count_rows", body, version);
    GENEVACTL_TRY(const auto response, send(m_transport, request, what));
    const auto answer = parse_json(response.body);
    const bool counted = answer && answer->is_number_integer() && answer->get<std::int64_t>() >= 0;
    if (counted) return answer->get<std::int64_t>();
    return odd_answer(what, "is not a number");
}

}  // namespace genevactl::ns
