// SPDX-License-Identifier: Apache-2.0
#include "advice.hpp"

#include <array>
#include <string_view>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"

namespace genevactl::run {

namespace {

/// The first row whose words an event has counts. {0} is the table or view, {1} the column.
struct Row {
    std::string_view words;
    std::string_view advice;
    std::string_view of_view;  ///< for the refresh of a view
};

constexpr std::string_view k_differs =
    "the job ran with another geneva, or other packages, than the one that registered the "
    "transform: `genevactl column show {0} {1}` names that one; register it again with `genevactl "
    "column alter {0} {1} MODULE:OBJECT` from an environment like the deployment's";

constexpr std::string_view k_view_differs =
    "the job ran with another geneva, or other packages, than the one that made the view: make it "
    "anew from an environment like the deployment's (`genevactl view show {0}` has its definition)";

constexpr std::string_view k_ray =
    "`genevactl local logs` has more; Ray wants free memory and a CPU or two";

constexpr std::array<Row, 7> k_rows = {{
    {"could not be installed",
     "make a manifest that installs (`pip download -r FILE` tries it), pin it with `genevactl "
     "column alter {0} {1} MODULE:OBJECT --manifest FILE`, and run the backfill again",
     "make a manifest that installs (`pip download -r FILE` tries it); `genevactl refresh {0} "
     "--manifest FILE` uses it once, a view made anew keeps it"},
    {"Can't get attribute", k_differs, k_view_differs},
    {"No module named 'geneva", k_differs, k_view_differs},
    {"No module named 'cloudpickle", k_differs, k_view_differs},
    {"unsupported pickle protocol", k_differs, k_view_differs},
    {"No module named",
     "the workers lack that module: add its package to the manifest, pin it with `genevactl column "
     "alter {0} {1} MODULE:OBJECT --manifest FILE`, and run the backfill again",
     "the workers lack that module: add its package to the manifest; `genevactl refresh {0} "
     "--manifest FILE` uses it once, a view made anew keeps it"},
    {"Ray did not start", k_ray, k_ray},
}};

}  // namespace

std::string advice_for(const model::JobRecord& record) {
    const auto event = record.last_event();
    if (record.status != model::JobStatus::failed) {
        return {};
    }
    for (const auto& [words, advice, of_view] : k_rows) {
        if (event.find(words) != std::string_view::npos) {
            return fmt::format(fmt::runtime(record.is_refresh() ? of_view : advice),
                               base::shell_quote(record.table), base::shell_quote(record.column));
        }
    }
    return {};
}

}  // namespace genevactl::run
