// SPDX-License-Identifier: Apache-2.0
#include "genevactl/render/render.hpp"

#include <algorithm>
#include <cerrno>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "paint.hpp"

namespace genevactl::render {

using base::ErrorKind;
using model::Cell;
using model::Outcome;

namespace {

constexpr std::size_t k_gap = 2;           // blanks between columns
constexpr std::size_t k_least_column = 8;  // a column is not cut below this

/// What a terminal may see of a cell, which may hold a server's words: one line, no control
/// characters.
std::string line_of(const Cell& cell) {
    auto text = base::printable(cell.text);
    std::ranges::replace_if(
        text, [](char c) { return c == '\n' || c == '\t'; }, ' ');
    return text;
}

std::vector<std::size_t> natural_widths(const model::Table& table) {
    std::vector<std::size_t> widths;
    for (const auto& heading : table.headings) {
        widths.push_back(base::display_width(heading));
    }
    for (const auto& row : table.rows) {
        for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i) {
            widths[i] = std::max(widths[i], base::display_width(line_of(row[i])));
        }
    }
    return widths;
}

/// Takes columns from the widest until the table fits, never below k_least_column.
void fit(std::vector<std::size_t>& widths, std::size_t columns) {
    auto total = [&] {
        std::size_t sum = widths.empty() ? 0 : k_gap * (widths.size() - 1);
        for (auto width : widths) {
            sum += width;
        }
        return sum;
    };
    while (widths.size() > 1 && total() > columns) {
        // The first column names the row: a cut name could not be given to another command.
        auto widest = std::max_element(widths.begin() + 1, widths.end());
        if (*widest <= k_least_column) {
            return;
        }
        --*widest;
    }
}

std::string padded(const Cell& cell, std::size_t width, bool right, bool last, bool color) {
    const auto text = base::elide(line_of(cell), width);
    const auto used = base::display_width(text);
    const std::string blanks(width > used ? width - used : 0, ' ');
    const auto painted = paint(text, cell.tone, color);
    if (right) {
        return blanks + painted;
    }
    return last ? painted : painted + blanks;
}

void write_table(const model::Table& table, const Style& style, std::ostream& out) {
    auto widths = natural_widths(table);
    if (style.terminal) {
        fit(widths, static_cast<std::size_t>(std::max(style.columns, 20)));
    }
    auto line = [&](const std::vector<Cell>& cells) {
        for (std::size_t i = 0; i < cells.size() && i < widths.size(); ++i) {
            const bool right = i < table.right_aligned.size() && table.right_aligned[i];
            out << (i > 0 ? "  " : "")
                << padded(cells[i], widths[i], right, i + 1 == widths.size(), style.color);
        }
        out << '\n';
    };
    std::vector<Cell> headings;
    for (const auto& heading : table.headings) {
        headings.push_back({heading, model::Tone::strong});
    }
    if (!headings.empty()) {
        line(headings);
    }
    for (const auto& row : table.rows) {
        line(row);
    }
}

void write_properties(const model::Properties& properties, const Style& style, std::ostream& out) {
    std::size_t width = 0;
    for (const auto& [name, value] : properties.rows) {
        width = std::max(width, base::display_width(name));
    }
    for (const auto& [name, value] : properties.rows) {
        const auto lines = base::split(base::printable(value.text), '\n');
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const Cell label{i == 0 ? name : "", model::Tone::dim};
            out << padded(label, width + k_gap, false, false, style.color)
                << paint(lines[i], value.tone, style.color) << '\n';
        }
    }
}

void write_blocks(const Outcome& outcome, const Style& style, std::ostream& out,
                  std::ostream& notes) {
    bool first = true;
    for (const auto& block : outcome.blocks) {
        if (const auto* table = std::get_if<model::Table>(&block); table && table->rows.empty()) {
            if (!table->when_empty.empty() && !style.quiet) {
                notes << table->when_empty << '\n';
            }
            continue;
        }
        if (!first && !std::holds_alternative<model::Text>(block)) {
            out << '\n';
        }
        first = false;
        if (const auto* rows = std::get_if<model::Table>(&block)) {
            write_table(*rows, style, out);
        } else if (const auto* properties = std::get_if<model::Properties>(&block)) {
            write_properties(*properties, style, out);
        } else if (const auto* text = std::get_if<model::Text>(&block)) {
            out << paint(base::printable(text->cell.text), text->cell.tone, style.color) << '\n';
        }
    }
}

void write_json_lines(const Outcome& outcome, std::ostream& out) {
    if (outcome.items.empty() && !outcome.is_list) {
        out << outcome.document << '\n';
    }
    for (const auto& item : outcome.items) {
        out << item << '\n';
    }
}

}  // namespace

base::Result<Format> parse_format(const std::string& text, bool has_out) {
    if (text == "table") return Format::table;
    if (text == "json") return Format::json;
    if (text == "jsonl") return Format::jsonl;
    if (text == "name") return Format::name;
    const bool file = text.find_first_of("./") != std::string::npos;
    std::string hint = "-o takes table, json, jsonl or name";
    if (file) {
        hint += fmt::format("; to write a file use {} {}", has_out ? "--out" : ">",
                            base::shell_quote(text));
    }
    return base::fail(ErrorKind::usage, fmt::format("-o {}: there is no such output format", text),
                      std::move(hint));
}

base::Status write(const Outcome& outcome, const Style& style, std::ostream& out,
                   std::ostream& notes) {
    switch (style.format) {
        case Format::json:
            out << outcome.document << '\n';
            break;
        case Format::jsonl:
            write_json_lines(outcome, out);
            break;
        case Format::name:
            for (const auto& name : outcome.names) {
                out << (style.terminal ? base::printable(name) : name) << '\n';
            }
            break;
        case Format::table:
            if (outcome.raw) {
                out << *outcome.raw;
            } else {
                write_blocks(outcome, style, out, notes);
            }
            break;
    }
    errno = 0;
    out.flush();
    if (!out && errno == EPIPE) {
        return {};  // whoever reads has read enough, as `head` does
    }
    if (!out) {
        return base::fail(ErrorKind::failed, "cannot write the result to standard output",
                          "is the disk full, or was the pipe closed?");
    }
    return {};
}

namespace {

void write_error_json(const base::Error& error, std::ostream& out) {
    nlohmann::ordered_json body;
    body["code"] = base::exit_code_of(error.kind);
    body["kind"] = base::name_of(error.kind);
    body["message"] = error.message;
    body["hint"] =
        error.hint.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(error.hint);
    body["context"] = error.context;
    body["request_id"] = nullptr;
    if (error.request_id) {
        body["request_id"] = *error.request_id;
    }
    body["retryable"] = error.retryable;
    body["api_code"] = nullptr;
    if (error.api_code) {
        body["api_code"] = *error.api_code;
    }
    body["detail"] = error.detail.empty() ? nlohmann::ordered_json(nullptr)
                                          : nlohmann::ordered_json(error.detail);
    nlohmann::ordered_json document;
    document["error"] = std::move(body);
    out << document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    out.flush();
}

void write_error_text(const base::Error& error, const Style& style, std::ostream& err) {
    using model::Tone;
    err << paint("genevactl: error:", Tone::bad, style.color) << ' '
        << base::printable(error.message) << '\n';
    for (const auto& step : error.context) {
        err << "  while " << base::printable(step) << '\n';
    }
    if (!error.detail.empty()) {
        for (const auto& line : base::split(base::trim(error.detail), '\n')) {
            err << "  | " << base::printable(line) << '\n';
        }
    }
    if (error.request_id) {
        err << "  request id: " << base::printable(*error.request_id) << '\n';
    }
    if (!error.hint.empty()) {
        err << "  " << paint("try:", Tone::strong, style.color) << ' '
            << base::printable(error.hint) << '\n';
    }
    err.flush();
}

}  // namespace

void write_error(const base::Error& error, const Style& style, std::ostream& out,
                 std::ostream& err) {
    if (style.format == Format::json || style.format == Format::jsonl) {
        write_error_json(error, out);
    } else {
        write_error_text(error, style, err);
    }
}

}  // namespace genevactl::render
