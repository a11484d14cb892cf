// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "documents.hpp"
#include "genevactl/base/files.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/manifest/json.hpp"
#include "genevactl/manifest/pip.hpp"
#include "genevactl/run/verbs.hpp"
#include "inputs.hpp"

namespace genevactl::run {

namespace {

std::string reference_of(const model::Manifest& manifest) {
    return fmt::format("{}@{}", manifest.name, manifest.checksum);
}

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

}  // namespace

Answer manifest_create_pip(Session& session, const ManifestCreatePip& request) {
    auto options = request.options;
    for (auto& file : options.requirement_files) {
        file = from_working_directory(session, file);
    }
    // One relative path is enough: all of them are then said from the working directory.
    const auto& files = request.options.requirement_files;
    const auto given = std::ranges::find_if(files, &std::filesystem::path::is_relative);
    const auto shown = given == files.end() ? std::filesystem::path("/") : *given;
    auto made = manifest::build_pip(options);
    if (!made) {
        auto error = as_given(session, shown, std::move(made).error());
        if (error.kind == base::ErrorKind::not_found && error.hint.empty()) {
            error.hint = fmt::format("paths start at the working directory, {}",
                                     session.surroundings().working_directory.string());
        }
        return base::fail(std::move(error));
    }
    const auto& built = *made;
    for (const auto& remark : built.remarks) {
        const auto said = as_given(session, shown, {.message = remark.text, .hint = remark.hint});
        session.reporter().warn(said.message, said.hint);
    }
    const auto json = manifest::to_json(built.manifest);
    if (!request.out) {
        model::Outcome outcome{.document = json, .names = {built.manifest.name}};
        outcome.raw = json + "\n";
        return outcome;
    }
    GENEVACTL_CHECK(base::write_atomic(from_working_directory(session, *request.out), json));
    auto document = versioned();
    document["name"] = built.manifest.name;
    document["checksum"] = built.manifest.checksum;
    document["path"] = request.out->string();
    const auto reference = reference_of(built.manifest);
    return outcome_of(document, built.manifest.name, {model::Text{{reference}}});
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
