// SPDX-License-Identifier: Apache-2.0
// GET /genevactl/v1/job/{id}/logs?parts={"SOURCE":POSITION,…}, the local deployment's own.
#include "genevactl/namespace/job_output.hpp"

#include <fmt/format.h>

#include "api_json.hpp"
#include "genevactl/base/try.hpp"
#include "requests.hpp"

namespace genevactl::ns {

base::Result<JobOutput> job_output(Client& client, const std::string& id,
                                   const OutputPosition& position) {
    const auto path =
        fmt::format("/genevactl/v1/job/{}/logs?parts={}", transport::percent_encode(id),
                    transport::percent_encode(nlohmann::json(position).dump()));
    auto answer = send_for_json(client.transport(), api_get(client.connection(), path),
                                "read the output of job " + id);
    if (!answer) return base::fail(std::move(answer).error());
    JobOutput output;
    output.ended = answer->value("ended", nlohmann::json()) == true;
    output.note = text_member(*answer, "note").value_or("");
    const auto parts = answer->find("parts");
    if (parts == answer->end() || !parts->is_array()) return output;
    for (const auto& entry : *parts) {
        output.parts.push_back({text_member(entry, "source").value_or("?"),
                                integer_member(entry, "skipped").value_or(0),
                                text_member(entry, "text").value_or(""),
                                integer_member(entry, "end").value_or(0)});
    }
    return output;
}

}  // namespace genevactl::ns
