// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace genevactl::model {

/// Do two types, as people write them, mean the same as far as the API can tell? The Python client
/// writes pyarrow's names into a registration ("timestamp[us, tz=UTC]", "date32:day",
/// "fixed_size_binary[4]"), describe the API's, which have no unit. Of a dictionary describe tells
/// the values alone: that is left to the deployment.
bool same_type(std::string_view left, std::string_view right);

}  // namespace genevactl::model
