// SPDX-License-Identifier: Apache-2.0
#include "genevactl/render/render.hpp"

#include <algorithm>
#include <cerrno>
#include <ostream>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "paint.hpp"
#include "table_writer.hpp"

namespace genevactl::render {

using base::ErrorKind;
using model::Cell;
using model::Outcome;

namespace {

void write_properties(const model::Properties& properties, const Style& style, std::ostream& out) {
    std::size_t width = 0;
    for (const auto& [name, value] : properties.rows) {
        width = std::max(width, base::display_width(name));
    }
    for (const auto& [name, value] : properties.rows) {
        const auto lines = base::split(base::printable(value.text), '\n');
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const Cell label{i == 0 ? name : "", model::Tone::dim};
            out << padded(label, width + 2, false, false, style.color)
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
            TableWriter(style, out).write(*rows);
        } else if (const auto* properties = std::get_if<model::Properties>(&block)) {
            write_properties(*properties, style, out);
        } else if (const auto* text = std::get_if<model::Text>(&block)) {
            out << paint(base::printable(text->cell.text), text->cell.tone, style.color) << '\n';
        }
    }
}

void write_name(const std::string& name, const Style& style, std::ostream& out) {
    if (name.empty()) return;
    out << (style.terminal ? base::printable(name) : name) << '\n';
}

/// Calls `each` with every page of a list until the end, an error, or nobody reads any more.
template <typename Each>
base::Status for_each_page(model::Listing& listing, std::ostream& out, Each each) {
    while (listing.size() > 0) {
        each();
        out.flush();      // the next page may be long in coming
        if (!out) break;  // errno says why: nothing more may happen before it is looked at
        GENEVACTL_CHECK(listing.advance());
    }
    return {};
}

base::Status write_listed_table(const Outcome& outcome, const Style& style, std::ostream& out,
                                std::ostream& notes) {
    auto& listing = *outcome.listing;
    if (outcome.summary) {
        GENEVACTL_TRY(auto blocks, outcome.summary());
        write_blocks({.blocks = std::move(blocks)}, style, out, notes);
        return {};
    }
    const auto* table =
        outcome.blocks.empty() ? nullptr : std::get_if<model::Table>(&outcome.blocks.front());
    if (table == nullptr || listing.size() == 0) {
        write_blocks(outcome, style, out, notes);
        return {};
    }
    TableWriter writer(style, out);
    return for_each_page(listing, out, [&] {
        auto page = *table;
        for (std::size_t i = 0; i < listing.size(); ++i) {
            page.rows.push_back(listing.row(i));
        }
        writer.write(page);
    });
}

base::Status write_listing(const Outcome& outcome, const Style& style, std::ostream& out,
                           std::ostream& notes) {
    auto& listing = *outcome.listing;
    switch (style.format) {
        case Format::json: {
            const char* before = "[";
            const auto written = for_each_page(listing, out, [&] {
                for (std::size_t i = 0; i < listing.size(); ++i) {
                    out << std::exchange(before, ",") << listing.document(i);
                }
            });
            // A document that breaks off is no JSON: nobody takes it for the whole list.
            out << (written ? (*before == '[' ? "[]\n" : "]\n") : "\n");
            return written;
        }
        case Format::jsonl:
            return for_each_page(listing, out, [&] {
                for (std::size_t i = 0; i < listing.size(); ++i) {
                    out << listing.document(i) << '\n';
                }
            });
        case Format::name:
            return for_each_page(listing, out, [&] {
                for (std::size_t i = 0; i < listing.size(); ++i) {
                    write_name(listing.name(i), style, out);
                }
            });
        case Format::table:
            return write_listed_table(outcome, style, out, notes);
    }
    return {};
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

namespace {

void write_kept(const Outcome& outcome, const Style& style, std::ostream& out,
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
                write_name(name, style, out);
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
}

}  // namespace

base::Status write(const Outcome& outcome, const Style& style, std::ostream& out,
                   std::ostream& notes) {
    base::Status written;
    errno = 0;
    if (outcome.listing) {
        written = write_listing(outcome, style, out, notes);
    } else {
        write_kept(outcome, style, out, notes);
    }
    if (out) {
        errno = 0;
    }
    out.flush();
    if (!out && errno == EPIPE) {
        return {};  // whoever reads has read enough, as `head` does
    }
    if (!out) {
        return base::fail(ErrorKind::failed, "cannot write the result to standard output",
                          "is the disk full, or was the pipe closed?");
    }
    return written;
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
