// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace genevactl::bridge {

/// A JSON Arrow type as people write it: "fixed_size_list<float, 256>", "struct<a: string>", as
/// `table show` does. What does not follow the API's JsonArrowDataType reads "?".
std::string type_text(const nlohmann::ordered_json& type);

}  // namespace genevactl::bridge
