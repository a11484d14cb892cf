// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "documents.hpp"
#include "genevactl/base/files.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/bridge/bundle.hpp"
#include "genevactl/run/verbs.hpp"
#include "inputs.hpp"
#include "packed.hpp"

namespace genevactl::run {

namespace {

constexpr unsigned k_mode = 0644;

base::Result<bridge::TransformRequest> bridge_request(const Session& session,
                                                      const TransformPack& request) {
    bridge::TransformRequest asked{.target = request.target,
                                   .with_payload = true,
                                   .for_later = true,
                                   .replace_pinned = request.replace_pinned,
                                   .input_columns = request.input_columns};
    if (request.manifest) {
        GENEVACTL_TRY(asked.manifest, read_manifest(session, *request.manifest));
    }
    return asked;
}

/// The bridge's answer with the manifest that the registration will pin, in the bridge's words.
std::string with_manifest(const std::string& text, const model::PinnedManifest& manifest) {
    auto document = Json::parse(text, nullptr, false);
    Json pinned;
    pinned["name"] = manifest.name;
    pinned["checksum"] = manifest.checksum;
    pinned["json"] = manifest.json;
    document["manifest"] = std::move(pinned);
    return document.dump();
}

}  // namespace

Answer transform_pack(Session& session, const TransformPack& request) {
    GENEVACTL_TRY(const auto asked, bridge_request(session, request));
    GENEVACTL_TRY(const auto interpreter, session.interpreter());
    GENEVACTL_TRY(auto transform,
                  bridge::describe_transform(session.surroundings(), interpreter, asked));
    if (asked.manifest) {
        transform.manifest = model::PinnedManifest{.name = asked.manifest->manifest.name,
                                                   .checksum = asked.manifest->manifest.checksum,
                                                   .json = asked.manifest->json};
    }
    if (transform.manifest) {
        transform.document = with_manifest(transform.document, *transform.manifest);
    }
    warn_of_pickling(session, transform);
    const auto bundle = bridge::write_bundle(transform);
    GENEVACTL_CHECK(
        base::write_atomic(from_working_directory(session, request.out), bundle, k_mode));
    const auto digest = Json::parse(bundle)["digest"].get<std::string>();
    auto document = versioned();
    document["file"] = request.out.string();
    document["bytes"] = bundle.size();
    document["digest"] = digest;
    document["identity"] = transform.identity;
    document["manifest"] = transform.manifest ? to_json(*transform.manifest) : Json(nullptr);
    document["transform"] = Json::parse(transform.document, nullptr, false);
    model::Properties properties;
    auto add = [&](std::string label, std::string text) {
        properties.rows.emplace_back(std::move(label), model::Cell{std::move(text)});
    };
    add("packed", request.out.string());
    add("transform", fmt::format("{} ({})", transform.target, transform.name));
    add("identity", transform.identity);
    add("manifest", short_manifest(transform.manifest));
    add("travels", fmt::format("{} ({})", transform.pickling_mode, transform.pickling_reason));
    add("digest", digest);
    return outcome_of(document, request.out.string(), {std::move(properties)});
}

}  // namespace genevactl::run
