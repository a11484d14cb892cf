// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/run/view_create.hpp"

namespace genevactl::run {

using base::ErrorKind;

namespace {

/// The first of a character that is outside of backticks, from a place that is.
std::size_t find_outside(std::string_view text, char wanted, std::size_t from = 0) {
    bool quoted = false;
    for (std::size_t i = from; i < text.size(); ++i) {
        quoted ^= text[i] == '`';
        if (text[i] == wanted && !quoted) {
            return i;
        }
    }
    return std::string_view::npos;
}

std::vector<std::string_view> split_outside(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    std::size_t start = 0;
    while (true) {
        const auto end = find_outside(text, separator, start);
        parts.push_back(base::trim(text.substr(start, end - start)));
        if (end == std::string_view::npos) {
            return parts;
        }
        start = end + 1;
    }
}

/// The one name in a text of the command line; it is no path into a struct.
base::Result<std::string> name_in(std::string_view text) {
    GENEVACTL_TRY(auto path, model::FieldPath::parse(text));
    if (path.parts.size() > 1) {
        return base::fail(ErrorKind::usage,
                          fmt::format("--select {}: a field inside a struct needs a name", text),
                          fmt::format("--select {}={}", path.parts.back(), path.text()));
    }
    return std::move(path.parts.front());
}

base::Status add(std::vector<model::ViewColumn>& columns, model::ViewColumn column) {
    if (std::ranges::find(columns, column.name, &model::ViewColumn::name) != columns.end()) {
        return base::fail(ErrorKind::usage, fmt::format("--select has two columns {}", column.name),
                          "give one of them another name: --select OTHER=EXPRESSION");
    }
    columns.push_back(std::move(column));
    return {};
}

/// "alias=expression": everything after the first sign of equality outside of backticks is SQL.
base::Status add_expression(std::vector<model::ViewColumn>& columns, std::string_view text,
                            std::size_t equals) {
    const auto expression = base::trim(text.substr(equals + 1));
    const auto alias = base::trim(text.substr(0, equals));
    if (find_outside(alias, ',') != std::string_view::npos) {
        return base::fail(
            ErrorKind::usage,
            fmt::format("--select {}: there is a comma in the name of a column", text),
            "give names and each NAME=SQL in a --select of their own; a name with a "
            "comma goes in backticks");
    }
    GENEVACTL_TRY(auto name, name_in(alias));
    if (expression.empty()) {
        return base::fail(ErrorKind::usage,
                          fmt::format("--select {}: the expression is empty", text),
                          "write NAME=SQL");
    }
    return add(columns, {std::move(name), std::string(expression)});
}

}  // namespace

base::Result<std::optional<std::vector<model::ViewColumn>>> parse_selection(
    const std::vector<std::string>& texts) {
    std::vector<model::ViewColumn> columns;
    for (const auto& text : texts) {
        if (base::trim(text) == "*") {
            if (texts.size() > 1) {
                return base::fail(ErrorKind::usage, "--select '*' is every column of the source",
                                  "leave the others out, or name each column");
            }
            return std::nullopt;
        }
        if (const auto equals = find_outside(text, '='); equals != std::string::npos) {
            GENEVACTL_CHECK(add_expression(columns, text, equals));
            continue;
        }
        for (const auto part : split_outside(text, ',')) {
            GENEVACTL_TRY(auto name, name_in(part));
            GENEVACTL_CHECK(add(columns, {name, name}));
        }
    }
    if (columns.empty()) {
        return std::nullopt;
    }
    return columns;
}

}  // namespace genevactl::run
