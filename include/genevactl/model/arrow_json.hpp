// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "genevactl/base/error.hpp"
#include "genevactl/model/schema.hpp"

/// Arrow types as the API writes them in JSON (JsonArrowDataType of the namespace API) and as
/// people (and pyarrow) do: the one place that knows both.
namespace genevactl::model {

/// The API's name of a type ("utf8") from people's ("string"); a name that both share stays.
std::string api_type_name(std::string_view people);

/// "struct<x: int64, y: string>", "fixed_size_list<float, 256>" and the like, from the API's name,
/// its `length` (of a decimal: precision * 1000 + scale) and the children.
std::string type_text(std::string_view api_name, std::optional<std::int64_t> length,
                      const std::vector<Field>& children);

/// A type in JSON as people write it; what cannot be one reads "?", also inside another.
std::string type_text(const nlohmann::json& type);

/// The API's JSON Arrow schema: `fields[]` of name, nullable, type {type, fields?, length?},
/// metadata?. Members that are missing read as empty; kind failed for what cannot be a schema.
base::Result<Schema> schema_from_json(const nlohmann::json& schema);

}  // namespace genevactl::model
