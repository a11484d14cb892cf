// SPDX-License-Identifier: Apache-2.0
#include "project_manifest.hpp"

#include <array>

#include <fmt/format.h>

#include "client_python.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/toml.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/manifest/json.hpp"
#include "genevactl/manifest/lint.hpp"
#include "genevactl/manifest/pip.hpp"

namespace genevactl::run {

namespace {

using base::ErrorKind;
using project::ManifestEntry;
using Kind = ManifestEntry::Kind;

manifest::PipOptions options_of(const ManifestEntry& entry) {
    manifest::PipOptions options;
    options.name = entry.name;
    options.env_vars.assign(entry.env_vars.begin(), entry.env_vars.end());
    options.py_modules = entry.py_modules;
    options.head_image = entry.head_image;
    options.worker_image = entry.worker_image;
    options.version = entry.version;
    options.requirements = entry.pip;
    options.requirement_files = entry.requirements;
    options.extra_index_urls = entry.extra_index_urls;
    options.upload_site_packages = entry.kind == Kind::capture && !entry.skip_site_packages;
    return options;
}

/// A lock file is read for the Python of the interpreter with geneva, and Linux on x86-64.
base::Result<manifest::Built> from_options(Session& session, const ManifestEntry& entry) {
    auto options = options_of(entry);
    if (entry.lock) {
        options.lock = entry.lock;
        GENEVACTL_TRY(options.lock_target.python_version,
                      client_python(session, "GENEVACTL_PYTHON=PROGRAM with Python",
                                    fmt::format("reading {}", entry.lock->filename().string())));
    }
    return manifest::build_pip(options);
}

/// The folder of the file is what its transforms are imported from. The file itself is left out:
/// what it says of another column must not make this one differ.
base::Result<BuiltManifest> captured(Session& session, const ManifestEntry& entry, Upload upload) {
    CaptureCreate request;
    request.sources.workspaces = {entry.origin.file.parent_path()};
    request.sources.skip_site_packages = entry.skip_site_packages;
    request.except = {entry.origin.file};
    GENEVACTL_TRY(auto taken, take_capture(session, request, options_of(entry), upload));
    return BuiltManifest{.document = {std::move(taken.manifest.manifest), ""},
                         .remarks = std::move(taken.manifest.remarks),
                         .archives = taken.archives,
                         .place_is_known = taken.place_is_known,
                         .missing = taken.missing,
                         .to_send = taken.to_send};
}

base::Result<BuiltManifest> made(Session& session, const ManifestEntry& entry, Upload upload) {
    if (entry.kind == Kind::capture) {
        return captured(session, entry, upload);
    }
    if (entry.file) {
        GENEVACTL_TRY(auto document, manifest::read(*entry.file));
        return BuiltManifest{.document = std::move(document)};
    }
    GENEVACTL_TRY(auto built, from_options(session, entry));
    return BuiltManifest{.document = {std::move(built.manifest), ""},
                         .remarks = std::move(built.remarks)};
}

/// What a job would trip over. A secret is refused: what is registered can be read by many.
base::Status check_findings(const model::Manifest& manifest) {
    for (const auto& finding : manifest::lint(manifest)) {
        if (finding.severity == manifest::Severity::error) {
            return base::fail(manifest::is_secret(finding) ? ErrorKind::refused : ErrorKind::usage,
                              fmt::format("{}: {}", finding.where, finding.message), finding.hint);
        }
    }
    return {};
}

std::string fingerprint_of(model::Manifest manifest) {
    for (auto& list : manifest.zips) {
        for (auto& uri : list) {
            uri.erase(0, uri.rfind('/') + 1);
        }
    }
    return manifest::checksum_of(manifest);
}

/// The builders speak of options; here the values came from keys.
std::string without_options(std::string text) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 6> k_keys = {
        {{"--env ", "env_vars "},
         {"--py-module", "py_modules"},
         {"--head-image", "head_image"},
         {"--worker-image", "worker_image"},
         {"--set-version", "version"},
         {"--extra-index-url", "extra_index_urls"}}};
    for (const auto& [option, key] : k_keys) {
        for (auto at = text.find(option); at != std::string::npos; at = text.find(option, at)) {
            text.replace(at, option.size(), key);
        }
    }
    return text;
}

}  // namespace

base::Result<BuiltManifest> build_manifest(Session& session, const ManifestEntry& entry,
                                           Upload upload) {
    auto built = made(session, entry, upload);
    auto status = built ? check_findings(built->document.manifest)
                        : base::Status(base::fail(std::move(built).error()));
    if (!status) {
        auto error = std::move(status).error();
        error.message = without_options(std::move(error.message));
        error.hint = without_options(std::move(error.hint));
        return base::fail(std::move(error).while_doing(
            fmt::format("building [manifests.{}] ({})", base::toml_key(base::printable(entry.name)),
                        entry.origin.text())));
    }
    for (auto& remark : built->remarks) {
        remark.text = without_options(std::move(remark.text));
        remark.hint = without_options(std::move(remark.hint));
    }
    built->document.json = manifest::to_json(built->document.manifest);
    built->fingerprint = fingerprint_of(built->document.manifest);
    return built;
}

}  // namespace genevactl::run
