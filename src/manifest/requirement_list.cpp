// SPDX-License-Identifier: Apache-2.0
#include "requirement_list.hpp"

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/manifest/requirement.hpp"
#include "installable.hpp"

namespace genevactl::manifest {

base::Status add_argument(RequirementList& list, std::string_view text, std::string_view where) {
    auto parsed = check_installable(text, where);
    if (!parsed) {
        return base::fail(std::move(parsed).error());
    }
    remark_on(text, where, list.remarks);
    list.lines.push_back({std::string(text), std::string(where), std::move(*parsed)});
    return {};
}

void remark_on_hashes(RequirementList& list) {
    if (list.hashes_left_out == 0) {
        return;
    }
    list.remarks.push_back(
        {fmt::format("hashes are left out ({}): workers install geneva before the list, without a "
                     "hash, and pip then refuses every requirement that has one",
                     base::plural(static_cast<long long>(list.hashes_left_out), "line")),
         "`pip download --no-deps --require-hashes -r FILE` verifies them on this machine"});
}

base::Result<InlinedRequirements> read_requirements(const std::filesystem::path& file) {
    RequirementList list;
    GENEVACTL_CHECK(add_file(list, file));
    apply_constraints(list);
    remark_on_hashes(list);
    InlinedRequirements result;
    for (auto& line : list.lines) {
        result.requirements.push_back(std::move(line.text));
    }
    result.extra_index_urls = std::move(list.extra_index_urls);
    result.remarks = std::move(list.remarks);
    return result;
}

}  // namespace genevactl::manifest
