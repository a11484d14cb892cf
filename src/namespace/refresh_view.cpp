// SPDX-License-Identifier: Apache-2.0
// The body as geneva 0.17 sends it: every member that it names, null where nothing was asked for.
#include <fmt/format.h>

#include "api_json.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/namespace/views.hpp"
#include "requests.hpp"

namespace genevactl::ns {

base::Result<std::string> refresh_view(Client& client, const model::ObjectId& view,
                                       const model::RefreshParameters& parameters) {
    using Json = nlohmann::ordered_json;
    const auto& p = parameters;
    const Json body = {{"id", view.parts},
                       {"src_version", or_null(p.src_version)},
                       {"max_rows_per_fragment", or_null(p.max_rows_per_fragment)},
                       {"concurrency", p.concurrency.value_or(k_concurrency)},
                       {"intra_applier_concurrency",
                        p.intra_applier_concurrency.value_or(k_intra_applier_concurrency)},
                       {"source_task_size", or_null(p.source_task_size)},
                       {"cluster", or_null(p.cluster)},
                       {"output_limit", or_null(p.output_limit)},
                       {"manifest", p.manifest ? Json(p.manifest->json) : Json(nullptr)}};
    const auto what = "refresh view " + view.text();
    const auto request =
        api_request(client.connection(), object_path("materialized_view", view, "refresh"), body);
    return send_for_job(client.transport(), request, what, view);
}

}  // namespace genevactl::ns
