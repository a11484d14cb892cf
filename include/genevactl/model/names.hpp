// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

#include "genevactl/base/error.hpp"

namespace genevactl::model {

/// Is it MODULE:OBJECT, with something on both sides of the colon?
bool names_an_object(std::string_view text);

/// A table, view or namespace: the parts of its path. On a command line `folder/table` (slashes);
/// on the wire the parts joined by "$" and percent-encoded, and a JSON list.
struct ObjectId {
    std::vector<std::string> parts;

    /// "docs" or "team/docs"; parts are not empty. Error kind usage.
    static base::Result<ObjectId> parse(std::string_view text);
    /// The form that parse() reads.
    std::string text() const;
    /// The parts joined by "$", as the API's path wants them (not yet percent-encoded).
    std::string joined() const;
    auto operator<=>(const ObjectId&) const = default;
};

/// A column or a field below it: `embedding`, `meta.lang`, `` `a.b`.c ``. Parts with a dot, a
/// backtick or a blank are written in backticks, a backtick inside doubled.
struct FieldPath {
    std::vector<std::string> parts;

    /// Error kind usage with the place of what was wrong.
    static base::Result<FieldPath> parse(std::string_view text);
    std::string text() const;
    /// As the API and its SQL want it: each part that is no plain identifier in backticks
    /// ("`first-name`"), as the Python client writes the columns that a transform reads.
    std::string quoted() const;
    auto operator<=>(const FieldPath&) const = default;
};

}  // namespace genevactl::model
