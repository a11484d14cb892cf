// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "genevactl/model/view.hpp"
#include "genevactl/run/verbs.hpp"

/// The verbs that read and refresh materialized views.
namespace genevactl::run {

/// The views of a namespace, or of the database: each table is described, several at a time.
Answer view_list(Session& session, const TableList& request);

struct ViewShow {
    std::string view;
};
Answer view_show(Session& session, const ViewShow& request);

struct Refresh {
    std::vector<std::string> views;
    model::RefreshParameters parameters = {};  ///< apart from the manifest
    std::optional<std::filesystem::path> manifest = {};
    bool fresh = false;  ///< --new: another job although one runs
    bool dry_run = false;
    Waiting waiting = {};
};
Answer refresh(Session& session, const Refresh& request);

}  // namespace genevactl::run
