// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace genevactl::transport {

/// A JSON body as it may be shown: its shape, its numbers, and the texts below a few names that
/// never hold a secret (columns, filters, error texts, …); every other text is "(N bytes)". A
/// storage option, a variable of a manifest or a pickle is seen to be there and no more. What is no
/// JSON, or larger than 1 MiB, is null.
nlohmann::ordered_json outline(std::string_view body);

}  // namespace genevactl::transport
