// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>

#include "genevactl/manifest/builder.hpp"
#include "genevactl/run/verbs.hpp"

namespace genevactl::run {

/// A manifest as name and value, without secrets.
model::Properties described(const model::Manifest& manifest);

/// A manifest that a command made: its remarks as warnings, its JSON on stdout, or in a file with
/// NAME@CHECKSUM on stdout.
Answer manifest_outcome(Session& session, const manifest::Built& built,
                        const std::optional<std::filesystem::path>& out);

}  // namespace genevactl::run
