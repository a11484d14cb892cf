// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "capture_steps.hpp"
#include "genevactl/base/error.hpp"
#include "genevactl/manifest/remark.hpp"
#include "genevactl/model/manifest.hpp"
#include "genevactl/project/file.hpp"
#include "genevactl/run/session.hpp"

namespace genevactl::run {

/// A manifest of a project file, built.
struct BuiltManifest {
    model::ManifestDocument document;
    std::vector<manifest::Remark> remarks = {};  ///< what should be said of it
    std::size_t archives = 0;                    ///< of a capture
    /// The checksum without the place of the archives: it tells whether what a plan saw and what
    /// was sent later are the same, wherever it lies.
    std::string fingerprint = {};
    /// False with Upload::no where the deployment has no place for archives before its first
    /// capture: document and checksum are only right in what is built when they are sent.
    bool place_is_known = true;
    std::size_t missing = 0;    ///< archives that the deployment does not have (or, sent, had not)
    std::uint64_t to_send = 0;  ///< the bytes of the files in them, before they are compressed
};

/// Builds [manifests.NAME]: of a capture it says the same whether the archives are sent or not.
/// Captures of one session read the files again; the cache of digests makes that quick. Errors,
/// each with the entry's place: those of manifest::build_pip() and manifest::read(), those of
/// capture_create(); refused for a secret in the manifest.
base::Result<BuiltManifest> build_manifest(Session& session, const project::ManifestEntry& entry,
                                           Upload upload);

}  // namespace genevactl::run
