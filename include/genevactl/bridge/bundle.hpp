// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "genevactl/base/error.hpp"
#include "genevactl/model/transform.hpp"

namespace genevactl::bridge {

/// A registration as a file: the bridge's whole answer, payloads included, with a digest of it
/// (docs/transform.md has the format). The digest finds damage and edits by hand; it is no
/// signature.
std::string write_bundle(const model::TransformDescription& transform);

/// The transform in a bundle's text. Errors: usage (no bundle, or of a newer format), failed (the
/// digest is not that of the content).
base::Result<model::TransformDescription> read_bundle(std::string_view text);

/// Whether the transform has several outputs, whose columns it names itself.
bool names_its_columns(const model::TransformDescription& transform);

/// Gives the one output of a packed transform its column; one with several keeps its own names.
void name_column(model::TransformDescription& transform, const std::string& column);

}  // namespace genevactl::bridge
