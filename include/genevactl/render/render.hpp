// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <memory>
#include <string>

#include "genevactl/base/clock.hpp"
#include "genevactl/base/error.hpp"
#include "genevactl/model/outcome.hpp"
#include "genevactl/model/reporter.hpp"

namespace genevactl::render {

enum class Format : std::uint8_t { table, json, jsonl, name };

/// "table", "json", "jsonl", "name"; anything else is kind usage, and what looks like a file name
/// gets the hint `--out` if the command has that option (`has_out`), or else to redirect.
base::Result<Format> parse_format(const std::string& text, bool has_out = false);

struct Style {
    Format format = Format::table;
    bool color = false;
    bool terminal = false;  ///< of the stream written to
    int columns = 80;       ///< its width; used on a terminal only
    bool quiet = false;
};

/// Writes the result to `out` (a sentence for an empty table to `notes`). Error kind failed when
/// the stream does not take it.
base::Status write(const model::Outcome& outcome, const Style& style, std::ostream& out,
                   std::ostream& notes);

/// Writes the error: text to `err`, or with a JSON format one document {"error": {...}} to `out`.
void write_error(const base::Error& error, const Style& style, std::ostream& out,
                 std::ostream& err);

/// The reporter of a terminal (lines replaced in place) or of a log (a line now and then).
std::unique_ptr<model::Reporter> make_reporter(const Style& style, base::Clock& clock,
                                               std::ostream& err);

}  // namespace genevactl::render
