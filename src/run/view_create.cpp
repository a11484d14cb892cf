// SPDX-License-Identifier: Apache-2.0
#include "genevactl/run/view_create.hpp"

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "inputs.hpp"
#include "view_documents.hpp"
#include "view_options.hpp"

namespace genevactl::run {

using base::ErrorKind;

namespace {

/// What a request says, parsed and read; nothing is asked of the deployment.
base::Result<ViewSpec> spec_of(const Session& session, const ViewCreate& request) {
    ViewSpec spec;
    GENEVACTL_TRY(spec.name, model::ObjectId::parse(request.name));
    GENEVACTL_TRY(spec.source, model::ObjectId::parse(request.source));
    GENEVACTL_TRY(const auto making, making_of(request.options));
    if (!making) {
        return base::fail(ErrorKind::usage, "nothing says what kind of view it is to be",
                          "give --query, --chunker MODULE:OBJECT or --udtf MODULE:OBJECT");
    }
    spec.kind = making->kind;
    spec.target = making->target;
    GENEVACTL_CHECK(check_options(request.options, spec.kind));
    GENEVACTL_TRY(spec.columns, parse_selection(request.options.select));
    spec.where = request.options.where;
    spec.partition_by = request.options.partition_by;
    spec.replace_pinned = request.options.replace_pinned;
    if (request.options.manifest) {
        GENEVACTL_TRY(spec.manifest, read_public_manifest(session, *request.options.manifest));
    }
    return spec;
}

base::Status check_is_new(ns::Client& client, const ViewCreate& request,
                          const model::ObjectId& name) {
    const auto there = client.describe_table(name);
    if (!there) {
        const bool absent = there.error().kind == ErrorKind::not_found;
        return absent ? base::Status() : base::fail(base::Error(there.error()));
    }
    const auto word = base::shell_quote(request.name);
    return base::fail(
        ErrorKind::conflict, fmt::format("{} is there already: {}", request.name, kind_of(*there)),
        there->is_view()
            ? fmt::format("make it anew with `genevactl view recreate {0}`, drop it with "
                          "`genevactl view drop {0}`, or choose another name",
                          word)
            : "choose another name");
}

}  // namespace

base::Result<std::optional<ViewMaking>> making_of(const ViewOptions& options) {
    const int given = (options.query ? 1 : 0) + (options.chunker ? 1 : 0) + (options.udtf ? 1 : 0);
    if (given > 1) {
        return base::fail(
            ErrorKind::usage,
            "--query, --chunker and --udtf exclude each other: a view is of one kind");
    }
    if (given == 0) {
        return std::nullopt;
    }
    if (options.query) {
        return ViewMaking{model::ViewKind::query, ""};
    }
    return options.chunker ? ViewMaking{model::ViewKind::chunker, *options.chunker}
                           : ViewMaking{model::ViewKind::udtf, *options.udtf};
}

base::Status check_options(const ViewOptions& options, model::ViewKind kind) {
    if (kind == model::ViewKind::query && (options.manifest || options.replace_pinned)) {
        return base::fail(
            ErrorKind::usage,
            "--manifest and --replace-pinned belong to a transform: a query runs none",
            "pin the manifest to the column that the view selects, or make a chunker "
            "or udtf view");
    }
    if (kind != model::ViewKind::udtf && options.partition_by) {
        return base::fail(ErrorKind::usage, "--partition-by is for udtf views",
                          fmt::format("a {} view is made row by row", model::name_of(kind)));
    }
    return {};
}

Answer view_create(Session& session, const ViewCreate& request) {
    GENEVACTL_TRY(const auto spec, spec_of(session, request));
    GENEVACTL_TRY(auto* client, session.client());
    GENEVACTL_CHECK(check_is_new(*client, request, spec.name));
    GENEVACTL_TRY(const auto view, prepare_view(session, *client, spec));
    if (request.dry_run) {
        return made_outcome(view, "created", std::nullopt, std::nullopt);
    }
    GENEVACTL_TRY(const auto made, make_view(session, *client, view, request.options.creation));
    say_what_fills(session, spec.name, made.created);
    return made_outcome(view, "created", made, std::nullopt);
}

}  // namespace genevactl::run
