// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "client_python.hpp"
#include "documents.hpp"
#include "genevactl/base/files.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/manifest/json.hpp"
#include "genevactl/manifest/pip.hpp"
#include "genevactl/run/verbs.hpp"
#include "inputs.hpp"
#include "manifest_out.hpp"

namespace genevactl::run {

namespace {

std::string reference_of(const model::Manifest& manifest) {
    return fmt::format("{}@{}", manifest.name, manifest.checksum);
}

/// What is said of files is said as `given` was: from the working directory if that is a relative
/// path.
Answer finished(Session& session, const std::filesystem::path& given,
                base::Result<manifest::Built> made,
                const std::optional<std::filesystem::path>& out) {
    if (!made) {
        auto error = as_given(session, given, std::move(made).error());
        if (error.kind == base::ErrorKind::not_found && error.hint.empty()) {
            error.hint = fmt::format("paths start at the working directory, {}",
                                     session.surroundings().working_directory.string());
        }
        return base::fail(std::move(error));
    }
    for (auto& remark : made->remarks) {
        auto said = as_given(session, given, {.message = remark.text, .hint = remark.hint});
        remark = {.text = std::move(said.message), .hint = std::move(said.hint)};
    }
    return manifest_outcome(session, *made, out);
}

}  // namespace

model::Properties described(const model::Manifest& manifest) {
    model::Properties properties;
    auto add = [&](std::string name, std::string text) {
        if (!text.empty()) {
            properties.rows.emplace_back(std::move(name), model::Cell{std::move(text)});
        }
    };
    auto archives = std::size_t{0};
    for (const auto& list : manifest.zips) {
        archives += list.size();
    }
    std::string variables;
    for (const auto& [name, value] : manifest.env_vars) {
        variables += fmt::format(
            "{}{}={}", variables.empty() ? "" : "\n", name,
            base::names_a_secret(name) ? "[hidden: its name says it is a secret]" : value);
    }
    std::string urls;
    for (const auto& url : manifest.pip_extra_index_urls) {
        urls += (urls.empty() ? "" : "\n") + base::redact_url(url);
    }
    add("manifest", manifest.name);
    add("checksum", manifest.checksum);
    add("version", manifest.version.value_or(""));
    add("pip", base::join(manifest.pip, "\n"));
    add("requirements file", manifest.requirements_path.value_or(""));
    add("conda", manifest.conda == "{}" ? "" : manifest.conda);
    add("conda file", manifest.conda_environment_path.value_or(""));
    add("python modules", base::join(manifest.py_modules, "\n"));
    add("environment", variables);
    add("extra indexes", urls);
    add("head image", manifest.head_image.value_or(""));
    add("worker image", manifest.worker_image.value_or(""));
    add("archives", archives == 0 ? "none" : std::to_string(archives));
    add("site-packages", manifest.skip_site_packages ? "not captured" : "captured");
    return properties;
}

Answer manifest_outcome(Session& session, const manifest::Built& built,
                        const std::optional<std::filesystem::path>& out) {
    for (const auto& remark : built.remarks) {
        session.reporter().warn(remark.text, remark.hint);
    }
    const auto json = manifest::to_json(built.manifest);
    if (!out) {
        model::Outcome outcome{.document = json, .names = {built.manifest.name}};
        outcome.raw = json + "\n";
        return outcome;
    }
    GENEVACTL_CHECK(base::write_atomic(from_working_directory(session, *out), json));
    auto document = versioned();
    document["name"] = built.manifest.name;
    document["checksum"] = built.manifest.checksum;
    document["path"] = out->string();
    const auto reference = reference_of(built.manifest);
    return outcome_of(document, built.manifest.name, {model::Text{{reference}}});
}

Answer manifest_create_pip(Session& session, const ManifestCreatePip& request) {
    auto options = request.options;
    for (auto& file : options.requirement_files) {
        file = from_working_directory(session, file);
    }
    if (options.lock) {
        options.lock = from_working_directory(session, *options.lock);
        if (options.lock_target.python_version.empty()) {
            GENEVACTL_TRY(options.lock_target.python_version,
                          client_python(session, "--target-python",
                                        fmt::format("reading {}", request.options.lock->string())));
        }
    }
    // One relative path is enough: all of them are then said from the working directory.
    auto files = request.options.requirement_files;
    if (request.options.lock) {
        files.push_back(*request.options.lock);
    }
    const auto given = std::ranges::find_if(files, &std::filesystem::path::is_relative);
    return finished(session, given == files.end() ? std::filesystem::path("/") : *given,
                    manifest::build_pip(options), request.out);
}

Answer manifest_create_conda(Session& session, const ManifestCreateConda& request) {
    auto options = request.options;
    if (options.file) {
        options.file = from_working_directory(session, *options.file);
    }
    return finished(session, request.options.file.value_or("/"), manifest::build_conda(options),
                    request.out);
}

Answer manifest_create_site(Session& session, const ManifestCreateSite& request) {
    return finished(session, "/", manifest::build_site(request.options), request.out);
}

Answer manifest_show(Session& session, const ManifestFile& request) {
    GENEVACTL_TRY(auto document, read_manifest(session, request.file));
    return model::Outcome{.document = document.json,
                          .names = {document.manifest.name},
                          .blocks = {described(document.manifest)}};
}

Answer manifest_checksum(Session& session, const ManifestFile& request) {
    GENEVACTL_TRY(auto read, read_manifest(session, request.file, false));
    const auto checksum = manifest::checksum_of(read.manifest);
    if (!read.manifest.checksum.empty() && read.manifest.checksum != checksum) {
        session.reporter().warn(
            fmt::format("{}: the file says {}, its content has another checksum: it was edited",
                        request.file.string(), read.manifest.checksum),
            "make it anew with `genevactl manifest create`");
    }
    auto document = versioned();
    document["name"] = read.manifest.name;
    document["checksum"] = checksum;
    document["stored_checksum"] = read.manifest.checksum;
    document["matches"] = read.manifest.checksum == checksum;
    return outcome_of(document, checksum, {model::Text{{checksum}}});
}

}  // namespace genevactl::run
