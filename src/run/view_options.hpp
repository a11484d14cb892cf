// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "genevactl/base/error.hpp"
#include "genevactl/run/view_create.hpp"

namespace genevactl::run {

/// What fills a view.
struct ViewMaking {
    model::ViewKind kind = model::ViewKind::query;
    std::string target = {};  ///< MODULE:OBJECT of a chunker or udtf
};

/// That which the options name, if any; usage for more than one.
base::Result<std::optional<ViewMaking>> making_of(const ViewOptions& options);

/// Usage for an option that a view of this kind has no use for.
base::Status check_options(const ViewOptions& options, model::ViewKind kind);

}  // namespace genevactl::run
