// SPDX-License-Identifier: Apache-2.0
#include "genevactl/resolve/resolve.hpp"

#include <fmt/format.h>

namespace genevactl::resolve {

using model::Candidate;
using model::Decision;
using model::ManifestOrigin;
using model::PinnedManifest;
using model::ResolutionFacts;
using model::ResolutionRequest;
using model::TargetKind;

namespace {

/// A candidate before the order of precedence has decided: present, and what there is to say if it
/// is not.
struct Offer {
    Candidate candidate;
    bool present = false;
};

Offer offer_of(ManifestOrigin origin, const std::optional<PinnedManifest>& manifest,
               std::string_view when_present, std::string_view when_absent) {
    Offer offer{{.origin = origin}, manifest.has_value()};
    if (manifest) {
        offer.candidate.name = manifest->name;
        offer.candidate.checksum = manifest->checksum;
    }
    offer.candidate.reason = manifest ? when_present : when_absent;
    return offer;
}

Offer override_offer(const ResolutionRequest& request, const ResolutionFacts& facts) {
    if (!request.override_name) {
        return offer_of(ManifestOrigin::override_, request.override_inline,
                        "given with this call; it counts for this job only",
                        "no --manifest was given");
    }
    auto offer = offer_of(ManifestOrigin::override_, facts.named_override,
                          "named with this call; it counts for this job only",
                          "named with this call; it counts for this job only (its content is read "
                          "by the deployment)");
    offer.candidate.name = *request.override_name;
    offer.present = true;
    return offer;
}

Offer pinned_offer(const ResolutionRequest& request, const ResolutionFacts& facts) {
    const bool column = request.kind == TargetKind::column;
    if (!facts.has_transform) {
        return offer_of(ManifestOrigin::pinned, std::nullopt, "",
                        "does not apply: a query view has no transform");
    }
    return offer_of(
        ManifestOrigin::pinned, facts.pinned,
        column ? "pinned on the column when it was registered" : "pinned on the view's transform",
        column ? "the column was registered without a manifest"
               : "the view's transform was registered without a manifest");
}

Offer view_offer(const ResolutionRequest& request, const ResolutionFacts& facts) {
    if (request.kind == TargetKind::column) {
        return offer_of(ManifestOrigin::view_snapshot, std::nullopt, "",
                        "does not apply: the target is a column");
    }
    return offer_of(ManifestOrigin::view_snapshot, facts.view_snapshot,
                    "frozen on the view when it was created",
                    "the view was created without a manifest");
}

Offer default_offer(const ResolutionFacts& facts) {
    if (!facts.default_is_readable) {
        auto offer = offer_of(ManifestOrigin::deployment_default, std::nullopt, "",
                              "the deployment decides: its default cannot be read by a client");
        offer.present = true;
        return offer;
    }
    return offer_of(ManifestOrigin::deployment_default, facts.deployment_default,
                    "the default of the deployment", "the deployment has no default manifest");
}

Offer nothing_offer() {
    Offer offer{{.origin = ManifestOrigin::none}, true};
    offer.candidate.reason = "the job runs with geneva alone";
    return offer;
}

std::string note_of(const model::InheritedColumn& inherited) {
    const auto pinned = inherited.manifest
                            ? fmt::format("pinned to {}@{:.8}", inherited.manifest->name,
                                          inherited.manifest->checksum)
                            : std::string("registered without a manifest");
    return fmt::format(
        "column {0} was inherited from {1}, where it is {2}: that metadata is the source column's "
        "own, not the view's",
        inherited.column, inherited.source, pinned);
}

std::string lost_reason(const Candidate& loser, const Candidate& winner) {
    return fmt::format("{}; {} comes first", loser.reason, name_of(winner.origin));
}

}  // namespace

Decision resolve(const ResolutionRequest& request, const ResolutionFacts& facts) {
    const Offer offers[] = {override_offer(request, facts), pinned_offer(request, facts),
                            view_offer(request, facts), default_offer(facts), nothing_offer()};
    Decision decision;
    const Candidate* winner = nullptr;
    for (const auto& offer : offers) {
        auto candidate = offer.candidate;
        if (winner == nullptr && offer.present) {
            candidate.won = true;
            winner = &offer.candidate;
        } else if (winner != nullptr && offer.present) {
            candidate.reason = lost_reason(candidate, *winner);
        }
        decision.candidates.push_back(std::move(candidate));
    }
    decision.origin = winner->origin;
    decision.name = winner->name;
    decision.checksum = winner->checksum;
    for (const auto& column : facts.inherited) {
        decision.notes.push_back(note_of(column));
    }
    return decision;
}

}  // namespace genevactl::resolve
