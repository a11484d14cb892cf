// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/model/cell.hpp"
#include "genevactl/model/listing.hpp"

namespace genevactl::model {

/// Rows under headings. On a terminal the widest flexible column is cut to fit; elsewhere nothing
/// is.
struct Table {
    std::vector<std::string> headings = {};
    std::vector<std::vector<Cell>> rows = {};
    std::vector<bool> right_aligned = {};  ///< by column; missing means left
    std::string when_empty = {};           ///< the sentence shown (on stderr) for no rows
};

/// Name and value, one a line, values aligned.
struct Properties {
    std::vector<std::pair<std::string, Cell>> rows;
};

/// A line or several.
struct Text {
    Cell cell;
};

using Block = std::variant<Table, Properties, Text>;

/// What a command found or did, for every output format at once. `document` is the JSON that
/// `-o json` prints (one line, versioned: docs/json.md), `items` the documents of `-o jsonl` (the
/// document itself if empty and not a list), `names` the lines of `-o name`.
struct Outcome {
    std::string document = {};
    bool is_list = false;
    std::vector<std::string> items = {};
    std::vector<std::string> names = {};
    std::vector<Block> blocks = {};
    /// Bytes that go to stdout as they are in the table format (a manifest's JSON), nothing else.
    std::optional<std::string> raw = {};
    /// A list that is read while it is printed, instead of document, items and names; its table is
    /// the one of `blocks`, which has no rows. It uses the session of the command that made it.
    std::shared_ptr<Listing> listing = {};
    /// What the table format shows of `listing` instead of its rows; it may read the list to its
    /// end.
    std::function<base::Result<std::vector<Block>>()> summary = {};
    /// Set when the command ends with another exit code than 0 although nothing is an Error.
    std::optional<base::ErrorKind> ended = {};
};

}  // namespace genevactl::model
