// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "genevactl/base/error.hpp"
#include "genevactl/model/snapshot.hpp"

namespace genevactl::ns {

/// JSON as a server sent it, or nothing if it is none, or nested so deep (over 128 levels) that
/// whatever walks it might not come back.
std::optional<nlohmann::json> parse_json(std::string_view text);

/// A text in SQL: in single quotes, inner ones doubled.
std::string sql_text(std::string_view text);

/// A member of an object, if it is there and of that type.
std::optional<std::int64_t> integer_member(const nlohmann::json& object, const char* name);
std::optional<std::string> text_member(const nlohmann::json& object, const char* name);

}  // namespace genevactl::ns
