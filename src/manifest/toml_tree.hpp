// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "genevactl/base/error.hpp"
#include "json_tree.hpp"

namespace genevactl::manifest {

/// A TOML file of `limit` bytes at most as the JSON that stands for it; dates and times become
/// empty texts. Error usage with FILE:LINE:COLUMN for what is no TOML; errors of base::read_file(),
/// too.
base::Result<JsonValue> read_toml(const std::filesystem::path& file, std::size_t limit);

// Looks into documents that other programs write: what is missing or of another kind reads as
// nothing.
const JsonValue* member(const JsonValue& value, const std::string& name);
std::string text_member(const JsonValue& value, const std::string& name);
const std::vector<JsonValue>& items_of(const JsonValue& value, const std::string& name);
std::vector<std::string> texts_of(const JsonValue& value, const std::string& name);

}  // namespace genevactl::manifest
