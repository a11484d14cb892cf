// SPDX-License-Identifier: Apache-2.0
#include "api_errors.hpp"

#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "api_json.hpp"
#include "genevactl/base/text.hpp"

namespace genevactl::ns {

namespace {

using Kind = base::ErrorKind;

constexpr std::string_view k_key_hint =
    "set LANCEDB_API_KEY to the deployment's key; of a local one `genevactl local env` prints it";
constexpr std::string_view k_later_hint = "try again later";
constexpr std::string_view k_tables_hint = "`genevactl table list` shows what is there";
constexpr std::size_t k_longest_text = 2000;  // of what a server says, in an error

/// What an HTTP status means where the body does not say.
struct StatusRow {
    long first;
    long last;
    Kind kind;
    std::string_view hint;
    bool retryable;
};
const std::vector<StatusRow>& status_table() {
    static const std::vector<StatusRow> rows = {
        {300, 399, Kind::failed, "check the deployment's URL (LANCEDB_URI): it redirects", false},
        {401, 401, Kind::unauthenticated, k_key_hint, false},
        {403, 403, Kind::permission, "the key may not do this, or a proxy stands between", false},
        {404, 404, Kind::not_found,
         "check the deployment's URL (LANCEDB_URI): it may lack this operation", false},
        {407, 407, Kind::unauthenticated, "the proxy wants a user name and password", false},
        {408, 408, Kind::unreachable, k_later_hint, true},
        {409, 409, Kind::conflict, "", false},
        {429, 429, Kind::throttled, k_later_hint, true},
        {502, 504, Kind::unreachable, k_later_hint, true},
        {0, 999, Kind::failed, "", false},
    };
    return rows;
}

/// What an ErrorResponse says, if the body is one.
struct ApiSays {
    int code = 0;
    std::string error;
    std::string detail;
};

std::string said_in(const nlohmann::json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end() || !found->is_string()) return {};
    return base::printable(found->get<std::string>());
}

/// The same places as the engine's debug output has them: ", location: Location { file: "…", line:
/// 839, column: 33 }, backtrace: …".
std::string without_debug_places(std::string text) {
    constexpr std::string_view begins = ", location: Location {";
    constexpr std::string_view backtrace = ", backtrace: MaybeBacktrace";
    for (auto at = text.find(begins); at != std::string::npos; at = text.find(begins, at)) {
        const auto close = text.find('}', at);
        auto end = close == std::string::npos ? text.size() : close + 1;
        if (text.compare(end, backtrace.size(), backtrace) == 0) {
            end += backtrace.size();
        }
        text.erase(at, end - at);
    }
    return text;
}

/// Without the places in the engine's own sources ("…, /build/lance/scanner.rs:839:33"), which
/// tell a user nothing.
std::string without_source_places(std::string text) {
    text = without_debug_places(std::move(text));
    constexpr std::string_view suffix = ".rs:";
    constexpr std::string_view digits = "0123456789";
    constexpr std::string_view path =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./";
    bool found = false;
    for (auto at = text.find(suffix); at != std::string::npos; at = text.find(suffix, at)) {
        if (text.find_first_of(digits, at) != at + suffix.size()) {
            at += suffix.size();
            continue;
        }
        const auto before = at == 0 ? std::string::npos : text.find_last_not_of(path, at - 1);
        auto begin = before == std::string::npos ? 0 : before + 1;
        const auto end = text.find_first_not_of("0123456789:", at + suffix.size());
        while (begin > 0 && (text[begin - 1] == ' ' || text[begin - 1] == ',')) {
            --begin;
        }
        text.erase(begin, end == std::string::npos ? end : end - begin);
        at = begin;
        found = true;
    }
    while (found && (text.ends_with('.') || text.ends_with(' '))) {
        text.pop_back();
    }
    return text;
}

std::optional<ApiSays> api_says(const transport::Response& response) {
    const auto body = parse_json(response.body);
    if (!body || !body->is_object()) return std::nullopt;
    const auto code = body->find("code");
    if (code == body->end() || !code->is_number_integer()) return std::nullopt;
    const auto number = code->get<std::int64_t>();
    const bool known_range = number >= 0 && number <= 999;
    return ApiSays{known_range ? static_cast<int>(number) : -1, said_in(*body, "error"),
                   said_in(*body, "detail")};
}

std::string first_line(std::string_view body) {
    const auto text = base::printable(body.substr(0, 4096));
    for (const auto& line : base::split(text, '\n')) {
        if (const auto trimmed = base::trim(line); !trimmed.empty()) {
            return base::elide(trimmed, 200);
        }
    }
    return {};
}

base::Error error_of_status(const transport::Response& response, std::string_view what) {
    base::Error error;
    for (const auto& row : status_table()) {
        if (response.status < row.first || response.status > row.last) continue;
        error.kind = row.kind;
        error.hint = row.hint;
        error.retryable = row.retryable;
        break;
    }
    const auto line = first_line(response.body);
    error.message = fmt::format("cannot {}: the server answered HTTP {}{}", what, response.status,
                                line.empty() ? "" : ": " + line);
    return error;
}

}  // namespace

const std::vector<ApiErrorRow>& api_error_table() {
    static const std::vector<ApiErrorRow> rows = {
        {0, "Unsupported", Kind::failed, "this deployment cannot do that", false},
        {1, "NamespaceNotFound", Kind::not_found, "check the database's name (--uri db://NAME)",
         false},
        {2, "NamespaceAlreadyExists", Kind::conflict, "choose another name", false},
        {3, "NamespaceNotEmpty", Kind::conflict, "drop what is in it first", false},
        {4, "TableNotFound", Kind::not_found, k_tables_hint, false},
        {5, "TableAlreadyExists", Kind::conflict, "choose another name, or drop it first", false},
        {6, "TableIndexNotFound", Kind::not_found, "", false},
        {7, "TableIndexAlreadyExists", Kind::conflict, "", false},
        {8, "TableTagNotFound", Kind::not_found, "", false},
        {9, "TableTagAlreadyExists", Kind::conflict, "", false},
        {10, "TransactionNotFound", Kind::not_found, "", false},
        {11, "TableVersionNotFound", Kind::not_found,
         "the version may have been cleaned up; `genevactl table show` names the present one",
         false},
        {12, "TableColumnNotFound", Kind::not_found, "`genevactl table show` names the columns",
         false},
        {13, "InvalidInput", Kind::failed, "", false},
        {14, "ConcurrentModification", Kind::conflict,
         "something else changed the table meanwhile: run the command again", true},
        {15, "PermissionDenied", Kind::permission, "the key may not do this: ask for the right to",
         false},
        {16, "Unauthenticated", Kind::unauthenticated, k_key_hint, false},
        {17, "ServiceUnavailable", Kind::unreachable, k_later_hint, true},
        {18, "Internal", Kind::failed, "", false},
        {19, "InvalidTableState", Kind::conflict, "", false},
        {20, "TableSchemaValidationError", Kind::failed,
         "`genevactl table show` names the columns and their types", false},
        {21, "Throttling", Kind::throttled, k_later_hint, true},
        {22, "TableBranchNotFound", Kind::not_found, "", false},
        {23, "TableBranchAlreadyExists", Kind::conflict, "", false},
    };
    return rows;
}

base::Error api_error(const transport::Response& response, std::string_view what) {
    const auto says = api_says(response);
    auto error = error_of_status(response, what);
    error.request_id = response.request_id;
    if (response.request_id.empty()) error.request_id.reset();
    if (!says) return error;
    const auto& said = says->error.empty() ? says->detail : says->error;
    auto text = without_source_places(said.substr(0, 4 * k_longest_text));
    if (text.size() > k_longest_text) text = base::elide(text, k_longest_text);
    const auto& table = api_error_table();
    const bool known = says->code >= 0 && static_cast<std::size_t>(says->code) < table.size();
    if (says->code >= 0) error.api_code = says->code;
    if (!says->error.empty()) error.detail = says->detail;
    std::string name = fmt::format("code {}", says->code);
    if (known) {
        const auto& row = table[static_cast<std::size_t>(says->code)];
        error.kind = row.kind;
        error.hint = row.hint;
        error.retryable = row.retryable;
        name = row.name;
    }
    error.message =
        fmt::format("cannot {}: {} ({}, HTTP {})", what,
                    text.empty() ? "the deployment gives no reason" : text, name, response.status);
    return error;
}

bool is_api_error(const transport::Response& response) {
    return api_says(response).has_value();
}

bool is_missing_table(const base::Error& error) {
    return error.api_code == 4 || error.api_code == 1;
}

}  // namespace genevactl::ns
