// SPDX-License-Identifier: Apache-2.0
#include "advice.hpp"

#include <array>
#include <string_view>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"

namespace genevactl::run {

namespace {

/// The first row whose words an event has counts. {0} is the table, {1} the column.
struct Row {
    std::string_view words;
    std::string_view advice;
};

constexpr std::string_view k_differs =
    "the job ran with another geneva, or other packages, than the one that registered the "
    "transform: `genevactl column show {0} {1}` names that one; register it again with `genevactl "
    "column alter {0} {1} MODULE:OBJECT` from an environment like the deployment's";

constexpr std::array<Row, 7> k_rows = {{
    {"could not be installed",
     "make a manifest that installs (`pip download -r FILE` tries it), pin it with `genevactl "
     "column alter {0} {1} MODULE:OBJECT --manifest FILE`, and run the backfill again"},
    {"Can't get attribute", k_differs},
    {"No module named 'geneva", k_differs},
    {"No module named 'cloudpickle", k_differs},
    {"unsupported pickle protocol", k_differs},
    {"No module named",
     "the workers lack that module: add its package to the manifest, pin it with `genevactl column "
     "alter {0} {1} MODULE:OBJECT --manifest FILE`, and run the backfill again"},
    {"Ray did not start",
     "`genevactl local logs` has more; Ray wants free memory and a CPU or two"},
}};

}  // namespace

std::string advice_for(const model::JobRecord& record) {
    const auto event = record.last_event();
    if (record.status != model::JobStatus::failed) {
        return {};
    }
    for (const auto& [words, advice] : k_rows) {
        if (event.find(words) != std::string_view::npos) {
            return fmt::format(fmt::runtime(advice), base::shell_quote(record.table),
                               base::shell_quote(record.column));
        }
    }
    return {};
}

}  // namespace genevactl::run
