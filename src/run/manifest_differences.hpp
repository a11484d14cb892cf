// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "documents.hpp"
#include "genevactl/manifest/diff.hpp"

namespace genevactl::run {

/// A row a change: mark, field, before, after.
model::Table differences_table(const manifest::Difference& difference);
/// The same as lines, for an error.
std::string differences_text(const manifest::Difference& difference);
/// Sets `requirements` and `fields` of a document.
void add_differences(Json& document, const manifest::Difference& difference);

}  // namespace genevactl::run
