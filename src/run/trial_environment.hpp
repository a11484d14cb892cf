// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/base/files.hpp"
#include "genevactl/base/surroundings.hpp"
#include "genevactl/bridge/bridge.hpp"
#include "genevactl/model/manifest.hpp"
#include "genevactl/run/session.hpp"

namespace genevactl::run {

/// Where a transform is tried: the user's own environment, or one made of a manifest, which is
/// removed when this goes.
struct TrialEnvironment {
    bridge::Interpreter interpreter;
    base::Surroundings surroundings;             ///< with the manifest's variables
    std::vector<std::string> requirements = {};  ///< what was installed; empty: the user's own
    std::string python = {};                     ///< the version, of a made one
    std::string installer = {};                  ///< "uv" or "pip", of a made one
    std::optional<base::TemporaryDirectory> folder = {};
};

/// Makes the environment that a manifest's workers get, as far as this machine can: its pip list
/// after the geneva of the user's interpreter, its indexes, its variables. Says what it installs,
/// and what of the manifest it leaves out (archives, images, modules). Errors: failed (conda; the
/// installer's own words in `detail`).
base::Result<TrialEnvironment> make_trial_environment(Session& session,
                                                      const model::ManifestDocument& manifest);

}  // namespace genevactl::run
