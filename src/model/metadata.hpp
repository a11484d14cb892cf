// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "genevactl/model/schema.hpp"

namespace genevactl::model {

inline constexpr const char* k_view_prefix = "geneva::view::";  // keys of a schema, not of a field

/// The value at a key, or nothing as empty text.
inline std::string text_at(const StringMap& metadata, const std::string& key) {
    const auto found = metadata.find(key);
    return found == metadata.end() ? std::string() : found->second;
}

}  // namespace genevactl::model
