// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "difference_documents.hpp"
#include "documents.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/manifest/diff.hpp"
#include "genevactl/manifest/json.hpp"
#include "genevactl/run/verbs.hpp"
#include "inputs.hpp"

namespace genevactl::run {

namespace {

/// A manifest whatever checksum its file says: the content is compared.
base::Result<model::Manifest> read_side(Session& session, const std::filesystem::path& file) {
    GENEVACTL_TRY(auto read, read_manifest(session, file, false));
    const auto checksum = manifest::checksum_of(read.manifest);
    if (!read.manifest.checksum.empty() && read.manifest.checksum != checksum) {
        session.reporter().warn(
            fmt::format("{}: the checksum is not that of the content: it was edited",
                        file.string()),
            "the content is what is compared");
    }
    read.manifest.checksum = checksum;
    return std::move(read.manifest);
}

Json side(const std::filesystem::path& file, const model::Manifest& manifest) {
    Json json;
    json["path"] = file.string();
    json["name"] = manifest.name;
    json["checksum"] = manifest.checksum;
    return json;
}

}  // namespace

Answer manifest_diff(Session& session, const ManifestDiff& request) {
    GENEVACTL_TRY(const auto before, read_side(session, request.before));
    GENEVACTL_TRY(const auto after, read_side(session, request.after));
    const auto difference = manifest::diff(before, after);
    auto document = versioned();
    document["before"] = side(request.before, before);
    document["after"] = side(request.after, after);
    document["differ"] = !difference.empty();
    document.update(to_json(difference));
    model::Outcome outcome;
    for (const auto& change : difference.requirements) {
        outcome.names.push_back(change.name);
    }
    for (const auto& change : difference.fields) {
        outcome.names.push_back(change.field);
    }
    outcome.document = dump(document);
    if (difference.empty()) {
        outcome.blocks.emplace_back(
            model::Text{{fmt::format("no difference: {}@{}", before.name, before.checksum)}});
        return outcome;
    }
    outcome.blocks.emplace_back(differences_table(difference));
    if (request.exit_code) {
        outcome.ended = base::ErrorKind::changes_pending;
    }
    return outcome;
}

}  // namespace genevactl::run
