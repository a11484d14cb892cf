// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/model/cell.hpp"

namespace genevactl::model {

/// A list too long to be kept: whoever prints it reads one page after the other, and asks of each
/// entry only for the form that it prints.
class Listing {
public:
    virtual ~Listing() = default;

    /// Entries of the present page. The first page is there from the beginning, so that what can
    /// be wrong with the request has been found; an empty page is the end.
    virtual std::size_t size() const = 0;
    /// Goes to the next page.
    virtual base::Status advance() = 0;

    /// The entry `index` of the present page as one line of JSON, as a name (none is printed for an
    /// empty one), as a row of the table.
    virtual std::string document(std::size_t index) const = 0;
    virtual std::string name(std::size_t index) const = 0;
    virtual std::vector<Cell> row(std::size_t index) const = 0;

    /// At the end: what the command ends with if not with 0.
    virtual std::optional<base::ErrorKind> ended() const { return std::nullopt; }
};

}  // namespace genevactl::model
