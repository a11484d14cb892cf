// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace genevactl::capture {

/// The preset rule that leaves out a folder or file of a workspace by its name, e.g. "caches".
std::optional<std::string_view> preset_of(std::string_view name, bool is_directory);

/// The rule by which a file's path says that it holds a secret ("private key", "credentials of
/// cloud tools", …). Examples (`.env.example`, `.env.template`) hold none.
std::optional<std::string_view> secret_by_name(std::string_view path);

}  // namespace genevactl::capture
