// SPDX-License-Identifier: Apache-2.0
#include "invocation.hpp"

namespace genevactl::cli {

void add_view(CLI::App& app, Invocation& invocation) {
    auto* group = add_group(app, "view", "Materialized views: make them anew, drop them");
    add_view_changes(*group, invocation);
}

}  // namespace genevactl::cli
