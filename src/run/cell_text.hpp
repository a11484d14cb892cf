// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "genevactl/model/schema.hpp"

namespace genevactl::run {

/// A value of a row, in the JSON that ns::Rows makes, as a cell of a table for people: texts as
/// they are, lists of more than four and binary shortened with their size, structs as {name:
/// value}. Null reads null, so a text that is empty or reads so too is quoted.
std::string cell_text(const nlohmann::ordered_json& value, const model::Field& field);

}  // namespace genevactl::run
