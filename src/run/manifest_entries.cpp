// SPDX-License-Identifier: Apache-2.0
#include "manifest_entries.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "genevactl/manifest/json.hpp"
#include "genevactl/manifest/lint.hpp"
#include "genevactl/manifest/pip.hpp"

namespace genevactl::run {

namespace {

using project::ManifestEntry;
using Kind = ManifestEntry::Kind;

/// The entry of kind pip that gives this very manifest, or nothing.
std::optional<ManifestEntry> pip_entry(const model::Manifest& manifest,
                                       const std::string& checksum) {
    manifest::PipOptions options;
    options.name = manifest.name;
    options.env_vars.assign(manifest.env_vars.begin(), manifest.env_vars.end());
    options.py_modules = manifest.py_modules;
    options.head_image = manifest.head_image;
    options.worker_image = manifest.worker_image;
    options.version = manifest.version;
    options.requirements = manifest.pip;
    options.extra_index_urls = manifest.pip_extra_index_urls;
    const auto built = manifest::build_pip(options);
    if (!built || manifest::checksum_of(built->manifest) != checksum) {
        return std::nullopt;
    }
    return ManifestEntry{.name = manifest.name,
                         .kind = Kind::pip,
                         .pip = manifest.pip,
                         .env_vars = manifest.env_vars,
                         .extra_index_urls = manifest.pip_extra_index_urls,
                         .py_modules = manifest.py_modules,
                         .version = manifest.version,
                         .head_image = manifest.head_image,
                         .worker_image = manifest.worker_image};
}

/// What a registration with it would be refused for, secrets among it; "" for nothing.
std::string objection_to(const model::Manifest& manifest) {
    for (const auto& finding : manifest::lint(manifest)) {
        if (finding.severity == manifest::Severity::error) {
            return fmt::format("its manifest {} does not belong into a file: {}: {}", manifest.name,
                               finding.where, finding.message);
        }
    }
    return "";
}

std::string entry_file_name(const std::string& name) {
    auto safe = name;
    std::ranges::replace_if(
        safe, [](char c) { return c == '/' || static_cast<unsigned char>(c) < 0x20; }, '_');
    return "manifests/" + safe + ".json";
}

}  // namespace

ManifestEntries::Added ManifestEntries::add(const model::PinnedManifest& pinned) {
    const auto read = manifest::from_json(pinned.json, false);
    if (!read) {
        return {"", fmt::format("its manifest {} cannot be read: {}", pinned.name,
                                read.error().message)};
    }
    auto manifest = read->manifest;
    const auto checksum = manifest::checksum_of(manifest);
    manifest.checksum = checksum;
    const auto known = std::ranges::find(m_all, checksum, &One::checksum);
    if (known != m_all.end()) {
        return {known->entry.name, ""};
    }
    if (auto why = objection_to(manifest); !why.empty()) {
        return {"", std::move(why)};
    }
    One one{.checksum = checksum, .entry = {.name = manifest.name}, .json = ""};
    if (auto entry = pip_entry(manifest, checksum)) {
        one.entry = std::move(*entry);
    } else {
        one.entry.kind = Kind::file;
        one.json = read->json;
    }
    const auto taken = [&](const One& other) { return other.entry.name == one.entry.name; };
    if (std::ranges::any_of(m_all, taken)) {
        constexpr std::size_t k_shown = 8;
        one.entry.name += "-" + checksum.substr(0, k_shown);
    }
    m_all.push_back(std::move(one));
    return {m_all.back().entry.name, ""};
}

std::vector<ManifestEntry> ManifestEntries::entries(const std::filesystem::path& folder) const {
    std::vector<ManifestEntry> entries;
    for (const auto& one : m_all) {
        entries.push_back(one.entry);
        if (one.entry.kind == Kind::file) {
            entries.back().file = folder / entry_file_name(one.entry.name);
        }
    }
    return entries;
}

std::map<std::string, std::string> ManifestEntries::files() const {
    std::map<std::string, std::string> files;
    for (const auto& one : m_all) {
        if (one.entry.kind == Kind::file) {
            files.emplace(entry_file_name(one.entry.name), one.json);
        }
    }
    return files;
}

}  // namespace genevactl::run
