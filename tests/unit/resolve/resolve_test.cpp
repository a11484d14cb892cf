// SPDX-License-Identifier: Apache-2.0
#include "genevactl/resolve/resolve.hpp"

#include <string>

#include "support/catch.hpp"

using namespace genevactl::model;
using genevactl::resolve::resolve;

namespace {

PinnedManifest manifest(const std::string& name) {
    return {name, name + "-checksum-0123456789", "{}"};
}

enum class Override { none, by_name, named_and_read, inline_ };
enum class Default { unknown, none, known };

struct Row {
    TargetKind kind;
    Override override_;
    bool pinned, view, inherited;
    Default default_;
};

/// The rule said a second time, in its shortest form: the oracle of the table below.
ManifestOrigin expected(const Row& row) {
    if (row.override_ != Override::none) return ManifestOrigin::override_;
    if (row.pinned) return ManifestOrigin::pinned;
    if (row.kind == TargetKind::view && row.view) return ManifestOrigin::view_snapshot;
    return row.default_ == Default::none ? ManifestOrigin::none
                                         : ManifestOrigin::deployment_default;
}

std::string expected_name(const Row& row) {
    switch (expected(row)) {
        case ManifestOrigin::override_:
            return "over";
        case ManifestOrigin::pinned:
            return "pin";
        case ManifestOrigin::view_snapshot:
            return "view";
        case ManifestOrigin::deployment_default:
            return row.default_ == Default::known ? "fallback" : "";
        case ManifestOrigin::none:
            return "";
    }
    return "?";
}

Decision decide(const Row& row) {
    ResolutionRequest request{.kind = row.kind, .table = "docs"};
    ResolutionFacts facts;
    if (row.override_ == Override::by_name || row.override_ == Override::named_and_read) {
        request.override_name = "over";
    }
    if (row.override_ == Override::named_and_read) facts.named_override = manifest("over");
    if (row.override_ == Override::inline_) request.override_inline = manifest("over");
    if (row.pinned) facts.pinned = manifest("pin");
    if (row.view) facts.view_snapshot = manifest("view");
    if (row.inherited) facts.inherited = {{"vec", "docs", manifest("source")}};
    facts.default_is_readable = row.default_ != Default::unknown;
    if (row.default_ == Default::known) facts.deployment_default = manifest("fallback");
    return resolve(request, facts);
}

}  // namespace

TEST_CASE("every combination of candidates resolves by the order of precedence") {
    int rows = 0;
    for (auto kind : {TargetKind::column, TargetKind::view}) {
        for (auto over :
             {Override::none, Override::by_name, Override::named_and_read, Override::inline_}) {
            for (auto fallback : {Default::unknown, Default::none, Default::known}) {
                for (int bits = 0; bits < 8; ++bits) {
                    const Row row{kind,    over, (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0,
                                  fallback};
                    const auto decision = decide(row);
                    CAPTURE(static_cast<int>(kind), static_cast<int>(over),
                            static_cast<int>(fallback), bits);
                    CHECK(decision.origin == expected(row));
                    CHECK(decision.name == expected_name(row));
                    CHECK(decision.candidates.size() == 5);
                    int winners = 0;
                    for (const auto& candidate : decision.candidates) {
                        CHECK_FALSE(candidate.reason.empty());
                        winners += candidate.won ? 1 : 0;
                    }
                    CHECK(winners == 1);
                    CHECK(decision.notes.size() == (row.inherited ? 1U : 0U));
                    ++rows;
                }
            }
        }
    }
    CHECK(rows == 2 * 4 * 3 * 8);
}

TEST_CASE(
    "a named override whose content cannot be read still wins, with its name and no checksum") {
    const auto decision =
        decide({TargetKind::column, Override::by_name, true, false, false, Default::known});
    CHECK(decision.name == "over");
    CHECK(decision.checksum.empty());
}

TEST_CASE("a candidate that lost says who came first") {
    const auto decision =
        decide({TargetKind::column, Override::none, true, false, false, Default::known});
    CHECK(decision.candidates[3].reason == "the default of the deployment; pinned comes first");
    CHECK(decision.candidates[0].reason == "no --manifest was given");
}

TEST_CASE("a column never takes the snapshot of a view") {
    const auto decision =
        decide({TargetKind::column, Override::none, false, true, false, Default::none});
    CHECK(decision.origin == ManifestOrigin::none);
    CHECK(decision.candidates[2].reason == "does not apply: the target is a column");
}

TEST_CASE("the metadata of an inherited column is told and never used") {
    const auto decision =
        decide({TargetKind::view, Override::none, false, false, true, Default::none});
    CHECK(decision.origin == ManifestOrigin::none);
    CHECK(
        decision.notes[0] ==
        "column vec was inherited from docs, where it is pinned to source@source-c: that metadata "
        "is the source column's own, not the view's");
}

TEST_CASE("a query view has no transform that could pin a manifest") {
    ResolutionFacts facts{.view_snapshot = manifest("view"), .default_is_readable = true};
    facts.has_transform = false;
    facts.inherited = {{"a", "docs", {}}};
    const auto decision = resolve({.kind = TargetKind::view, .table = "v"}, facts);
    CHECK(decision.origin == ManifestOrigin::view_snapshot);
    CHECK(decision.candidates[1].reason == "does not apply: a query view has no transform");
    CHECK(decision.notes[0].find("registered without a manifest") != std::string::npos);
}
