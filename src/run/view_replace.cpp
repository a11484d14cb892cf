// SPDX-License-Identifier: Apache-2.0
// One view in the place of another, so that whenever this ends the old or the new one is there, or
// can be put back by `view recreate NAME --restore`.
#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/run/view_create.hpp"
#include "kept_view.hpp"
#include "live_job.hpp"
#include "view_live.hpp"
#include "view_make.hpp"
#include "wait.hpp"

namespace genevactl::run {

using base::ErrorKind;

namespace {

std::string restore_command(const model::ObjectId& view) {
    return fmt::format("genevactl view recreate {} --restore", base::shell_quote(view.text()));
}

base::Result<bool> exists(ns::Client& client, const model::ObjectId& id) {
    const auto there = client.describe_table(id);
    if (there) return true;
    if (there.error().kind == ErrorKind::not_found) return false;
    return base::fail(base::Error(there.error()));
}

/// What an earlier recreation left when it was killed.
base::Status clear(Session& session, ns::Client& client, const model::ObjectId& id) {
    GENEVACTL_TRY(const bool there, exists(client, id));
    if (!there) return {};
    GENEVACTL_CHECK(check_no_refresh(session, client, id));
    GENEVACTL_CHECK(ns::drop_table(client, id));
    session.reporter().note(
        fmt::format("dropped {}, which a recreation that did not end had left", id.text()));
    return {};
}

/// The rows of the view beside the old one are there before it takes its place.
base::Status wait_until_filled(Session& session, ns::Client& client, const model::ObjectId& view,
                               const std::string& job) {
    const auto beside = beside_new(view);
    auto waited = wait_for_jobs(session, client, {job}, {});
    if (!waited) {
        auto error = std::move(waited).error();
        error.message +=
            fmt::format("; {} is unchanged, the new one is {}", view.text(), beside.text());
        error.hint =
            fmt::format("{}; when the job has ended, the same command begins again", error.hint);
        return base::fail(std::move(error));
    }
    if (const auto ended = combined_end(*waited)) {
        const auto& record = waited->front().record;
        const auto why = record.events.empty() ? waited->front().why : record.events.back();
        return base::fail(
            *ended,
            fmt::format("the new {} was not filled by job {}: {}; the old view is "
                        "unchanged",
                        view.text(), job, why),
            fmt::format("genevactl job show {}; the new view is left as {}", job, beside.text()));
    }
    return {};
}

/// The new view takes the name, the old one goes.
base::Status swap(Session& session, ns::Client& client, const model::ObjectId& view) {
    const auto old = beside_old(view);
    const auto fresh = beside_new(view);
    GENEVACTL_CHECK(ns::rename_table(client, view, old.parts.back()));
    if (auto renamed = ns::rename_table(client, fresh, view.parts.back()); !renamed) {
        auto error = std::move(renamed).error();
        const bool back = ns::rename_table(client, old, view.parts.back()).has_value();
        error.message += back ? "; the old view is unchanged"
                              : fmt::format("; the old view is called {} now", old.text());
        error.hint = back ? fmt::format("the new one is left as {}", fresh.text())
                          : restore_command(view) + " gives it its name back";
        return base::fail(std::move(error));
    }
    if (auto dropped = ns::drop_table(client, old); !dropped) {
        session.reporter().warn(
            fmt::format("{} is made anew, but the old one is left as {}: {}", view.text(),
                        old.text(), dropped.error().message),
            fmt::format("genevactl view drop {} --yes", base::shell_quote(old.text())));
    }
    return {};
}

base::Result<MadeView> beside(Session& session, ns::Client& client, const PreparedView& view,
                              const ns::ViewCreation& creation) {
    const auto& name = view.spec.name;
    GENEVACTL_CHECK(clear(session, client, beside_new(name)));
    GENEVACTL_CHECK(clear(session, client, beside_old(name)));
    GENEVACTL_TRY(auto created,
                  ns::create_view(client, beside_new(name), view.built.payload, creation));
    if (created.job_id) {
        GENEVACTL_CHECK(wait_until_filled(session, client, name, *created.job_id));
    }
    GENEVACTL_CHECK(swap(session, client, name));
    return look_at_made(session, client, view, std::move(created));
}

/// Drops the old view and makes the new one, with the old definition in the state directory until
/// the new one is there.
base::Result<MadeView> in_place(Session& session, ns::Client& client,
                                const model::TableDescription& old, const PreparedView& view,
                                const ns::ViewCreation& creation) {
    const auto definition = model::view_definition(old.schema);
    if (!definition) {
        return base::fail(ErrorKind::usage, fmt::format("{} is no view", old.id.text()));
    }
    GENEVACTL_TRY(const auto before, prepare_kept_view(session, client, old, *definition));
    GENEVACTL_CHECK(keep_view(session, client, old.id, before.built.payload));
    const auto recoverable = [&](base::Error error) {
        error.hint =
            fmt::format("{}{} puts the old definition back",
                        error.hint.empty() ? "" : error.hint + "; ", restore_command(old.id));
        return base::fail(std::move(error));
    };
    if (auto dropped = ns::drop_table(client, old.id); !dropped) {
        return recoverable(std::move(dropped).error().while_doing("making the view anew"));
    }
    auto created = ns::create_view(client, old.id, view.built.payload, creation);
    if (!created) {
        return recoverable(std::move(created).error().while_doing(
            fmt::format("making {} anew, after the old view was dropped", old.id.text())));
    }
    forget_kept_view(session, client, old.id);
    return look_at_made(session, client, view, std::move(*created));
}

}  // namespace

base::Status check_no_refresh(Session& session, ns::Client& client, const model::ObjectId& view) {
    GENEVACTL_TRY(const auto live, find_live_job(session, client, view, {"", "<refresh>"}));
    if (!live) return {};
    return base::fail(
        ErrorKind::conflict,
        fmt::format("job {} refreshes {} ({})", live->id, view.text(),
                    model::name_of(live->status)),
        fmt::format("wait for it (genevactl job wait {0}) or cancel it (genevactl job cancel {0})",
                    live->id));
}

base::Result<MadeView> replace_view(Session& session, ns::Client& client,
                                    const model::TableDescription& old, const PreparedView& view,
                                    const ns::ViewCreation& creation) {
    GENEVACTL_CHECK(check_no_refresh(session, client, old.id));
    GENEVACTL_TRY(const auto capabilities, client.capabilities());
    return capabilities.has("rename") ? beside(session, client, view, creation)
                                      : in_place(session, client, old, view, creation);
}

}  // namespace genevactl::run
