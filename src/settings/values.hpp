// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "genevactl/base/error.hpp"
#include "genevactl/base/surroundings.hpp"
#include "layer.hpp"

namespace genevactl::settings {

/// Reads every value of `raw` by its key's type into `settings`, each with its origin; a key that
/// is not in `raw` gets its default. The folders of `surroundings` tell what "~/" is. Error usage:
/// a value that is none of its type, with its place; a secret is never in the message.
base::Status read_values(const base::Surroundings& surroundings, const Layer& raw,
                         Settings& settings);

/// A key or token as it is sent: without blanks around it. Error usage if it is empty or holds a
/// control character; `place` says where it came from.
base::Result<base::Secret> read_secret(std::string_view text, const std::string& place);

/// A path or program that a file names: "~/" and relative paths made absolute. A URL, and a
/// program's bare name, stay.
std::string anchored(const base::Surroundings& surroundings, const Key& key, const Raw& raw);

}  // namespace genevactl::settings
