// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "genevactl/run/verbs.hpp"

/// The verbs of `capture` (docs/capture.md).
namespace genevactl::run {

/// What is captured, for `create`, `plan` and `why`.
struct CaptureSources {
    std::vector<std::filesystem::path> workspaces = {};  ///< the project around, if none is named
    bool skip_site_packages = false;
    std::optional<std::string> from_venv = {};
    std::vector<std::string> include = {};
    std::vector<std::string> exclude = {};
    bool no_gitignore = false;
    bool follow_links = false;
    std::vector<std::string> allow_secrets = {};
    std::optional<std::string> target_platform = {};
    std::optional<std::string> target_python = {};
    std::optional<unsigned> jobs = {};  ///< threads
};

struct CaptureCreate {
    std::optional<std::string> name = {};
    CaptureSources sources = {};
    bool strict_secrets = false;
    bool allow_misfits = false;
    std::string compression = "auto";  ///< auto, store, 1..9
    bool no_upload = false;
    std::optional<std::filesystem::path> output_dir = {};
    std::vector<std::string> pip = {};
    std::vector<std::pair<std::string, std::string>> env_vars = {};
    std::optional<std::filesystem::path> out = {};
    bool dry_run = false;
    /// Files that are left out whatever the rules say: what a capture would itself change.
    std::vector<std::filesystem::path> except = {};
};
/// Errors: those of capture::examine(); refused for secrets with --strict-secrets and for native
/// modules that do not fit the target; those of the store.
Answer capture_create(Session& session, const CaptureCreate& request);
/// What create would do, without writing or sending anything.
Answer capture_plan(Session& session, const CaptureCreate& request);

struct CaptureWhy {
    std::filesystem::path path;
    CaptureSources sources = {};
};
Answer capture_why(Session& session, const CaptureWhy& request);

struct CaptureVerify {
    std::filesystem::path file;
    bool deep = false;                  ///< read every archive and compare it with its name
    std::optional<unsigned> jobs = {};  ///< threads
};
/// Are the archives of a manifest there and whole? The outcome ends as failed if one is broken,
/// else as not_found if one is missing. Errors: those of the manifest and of the stores.
Answer capture_verify(Session& session, const CaptureVerify& request);

struct CapturePrune {
    bool yes = false;
    std::optional<base::Microseconds> older_than = {};  ///< an hour
    std::vector<std::filesystem::path> keep = {};       ///< manifests whose archives stay
    bool no_default = false;  ///< the deployment has no default manifest with archives
};
/// Lists the archives of the deployment that nothing registered refers to, and removes them with
/// `yes`. Nothing is removed if anything of the deployment cannot be read: that is the error.
/// Others: conflict while a job uses a manifest that is not known; usage where the deployment does
/// not tell its default manifest.
Answer capture_prune(Session& session, const CapturePrune& request);

}  // namespace genevactl::run
