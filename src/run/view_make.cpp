// SPDX-License-Identifier: Apache-2.0
#include "view_make.hpp"

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"

namespace genevactl::run {

MadeView look_at_made(Session& session, ns::Client& client, const PreparedView& view,
                      ns::CreatedView created) {
    MadeView made{.created = std::move(created)};
    const auto& name = view.spec.name;
    const auto described = client.describe_table(name);
    if (!described) {
        session.reporter().warn(
            "the view is made, but could not be looked at: " + described.error().message,
            described.error().hint);
        return made;
    }
    const auto definition = model::view_definition(described->schema);
    made.identity_kept = definition && definition->identity == view.identity;
    if (!view.identity.empty() && !made.identity_kept) {
        session.reporter().warn(
            "the deployment does not keep the identity of the transform",
            "the view is made; only a later comparison with your code is not possible");
    }
    if (definition && definition->pinning == model::ViewPinning::pinned) {
        made.pinned_version = definition->source_version;
        session.reporter().warn(
            fmt::format("{} is pinned to version {} of {}, which has no stable row ids: rows that "
                        "are written later do not come in",
                        name.text(), made.pinned_version.value_or(view.source_version),
                        view.spec.source.text()),
            fmt::format("refresh it with --src-version {}, or make a source with stable row ids",
                        made.pinned_version.value_or(view.source_version)));
    }
    return made;
}

base::Result<MadeView> make_view(Session& session, ns::Client& client, const PreparedView& view,
                                 const ns::ViewCreation& creation) {
    GENEVACTL_TRY(auto created,
                  ns::create_view(client, view.spec.name, view.built.payload, creation));
    return look_at_made(session, client, view, std::move(created));
}

}  // namespace genevactl::run
