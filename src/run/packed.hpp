// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "genevactl/base/error.hpp"
#include "genevactl/model/transform.hpp"
#include "genevactl/run/session.hpp"

namespace genevactl::run {

/// Error usage for what is neither MODULE:OBJECT nor the name of a file.
base::Status check_target(const Session& session, const std::string& target);

/// The transform in a bundle's file, where `target` names one: it is not written as MODULE:OBJECT,
/// and a file of that name is there. Nothing otherwise. Errors: those of check_target(), and
/// of bridge::read_bundle while reading the file.
base::Result<std::optional<model::TransformDescription>> packed_transform(
    const Session& session, const std::string& target);

/// What the bridge found worth a warning about how the transform travels.
void warn_of_pickling(Session& session, const model::TransformDescription& transform);

}  // namespace genevactl::run
