// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/manifest/builder.hpp"
#include "genevactl/model/manifest.hpp"

namespace genevactl::manifest {

/// The workers for which versions are looked up, in uv's words ("3.11", "linux").
struct PinTarget {
    std::string python_version;
    std::string python_platform;
};

/// What `uv pip compile` is asked: the words after `uv`, the files in its working directory (one a
/// requirement, so that its annotations say which it answers), and variables of its environment:
/// index URLs may hold passwords, and arguments are public.
struct PinQuestion {
    std::vector<std::string> arguments;
    std::vector<std::pair<std::string, std::string>> files;
    std::map<std::string, std::string> environment;
    std::vector<Remark> remarks;
    bool nothing_to_ask = false;  ///< every requirement is pinned
};

/// The question for a manifest's requirements and indexes. Errors (usage): a conda environment, a
/// requirements_path, a line that workers could not install or that uv cannot be asked about.
base::Result<PinQuestion> pin_question(const model::Manifest& manifest, const PinTarget& target);

/// The manifest with each requirement that allowed several versions set to the one that uv chose;
/// name, extras, marker and options stay as they are written, and so does all else but the
/// checksum. A URL of version control gets the commit. A requirement whose marker does not hold for
/// the target stays, with a remark. Errors (internal): uv's answer misses a requirement.
base::Result<Built> pinned(const model::Manifest& manifest, const PinTarget& target,
                           std::string_view answer);

/// What uv's failure means: its kind, a sentence, what to do, and its own words without
/// credentials.
base::Error pin_failure(const PinTarget& target, std::string_view words);

}  // namespace genevactl::manifest
