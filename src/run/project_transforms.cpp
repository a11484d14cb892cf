// SPDX-License-Identifier: Apache-2.0
#include "project_transforms.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/bridge/bundle.hpp"
#include "genevactl/bridge/inspect.hpp"
#include "prepare_transform.hpp"

namespace genevactl::run {

using base::ErrorKind;

namespace {

const BuiltManifest* built_of(const std::map<std::string, BuiltManifest>& manifests,
                              const std::optional<std::string>& name) {
    const auto found = name ? manifests.find(*name) : manifests.end();
    return found == manifests.end() ? nullptr : &found->second;
}

std::optional<model::PinnedManifest> pinned(const BuiltManifest* built,
                                            const model::TransformDescription* transform) {
    if (built != nullptr) {
        const auto& document = built->document;
        return model::PinnedManifest{.name = document.manifest.name,
                                     .checksum = document.manifest.checksum,
                                     .json = document.json};
    }
    return transform == nullptr ? std::nullopt : transform->manifest;
}

bridge::TransformRequest request_of(const std::string& target, const BuiltManifest* manifest) {
    bridge::TransformRequest request{.target = target};
    if (manifest != nullptr) {
        request.manifest = manifest->document;
    }
    return request;
}

base::Error at(base::Error error, const std::string& entry, const project::Origin& origin) {
    return std::move(error).while_doing(fmt::format("reading {} ({})", entry, origin.text()));
}

base::Error misfit(const project::Origin& origin, std::string message, std::string hint) {
    return {.kind = ErrorKind::usage,
            .message = fmt::format("{}: {}", origin.text(), message),
            .hint = std::move(hint)};
}

/// Asks for the transforms of the columns, then of the views, in one run.
class Asking {
public:
    Asking(const project::File& chosen, const std::map<std::string, BuiltManifest>& manifests) {
        for (const auto& column : chosen.columns) {
            if (!column.transform) continue;
            auto request = request_of(*column.transform, built_of(manifests, column.manifest));
            request.input_columns = column.inputs;
            add(std::move(request), column.text(), column.origin);
        }
        for (const auto& view : chosen.views) {
            if (view.transform.empty()) continue;
            add(request_of(view.transform, built_of(manifests, view.manifest)), view.name.text(),
                view.origin);
        }
    }

    base::Result<std::vector<model::TransformDescription>> ask(Session& session) const {
        std::vector<model::TransformDescription> transforms;
        if (m_requests.empty()) {
            return transforms;
        }
        GENEVACTL_TRY(const auto interpreter, session.interpreter());
        session.reporter().step(
            fmt::format("reading {} with {}",
                        base::plural(static_cast<long long>(m_requests.size()), "transform"),
                        interpreter.executable.string()));
        auto answers = bridge::inspect_transforms(session.surroundings(), interpreter, m_requests);
        session.reporter().finish();
        if (!answers) {
            return base::fail(std::move(answers).error());
        }
        for (std::size_t i = 0; i < answers->size(); ++i) {
            auto& answer = (*answers)[i];
            if (!answer) {
                return base::fail(at(for_file(std::move(answer).error()), m_entries[i].first,
                                     m_entries[i].second));
            }
            transforms.push_back(std::move(*answer));
        }
        return transforms;
    }

private:
    void add(bridge::TransformRequest request, std::string entry, project::Origin origin) {
        m_requests.push_back(std::move(request));
        m_entries.emplace_back(std::move(entry), std::move(origin));
    }
    /// The bridge speaks of options; a file has none.
    static base::Error for_file(base::Error error) {
        if (error.kind == ErrorKind::conflict) {
            error.hint = "leave the manifest out of the file, or out of the decorator";
        }
        return error;
    }

    std::vector<bridge::TransformRequest> m_requests = {};
    std::vector<std::pair<std::string, project::Origin>> m_entries = {};
};

/// The inputs as the table spells them; one that the table lacks may be made by this very plan.
void spell(model::TransformDescription& transform, const model::ObjectId& id,
           const plan::Seen& seen) {
    const auto table = seen.tables.find(id.text());
    for (auto& input : transform.inputs) {
        const auto own =
            table == seen.tables.end() ? std::nullopt : spelled_input(table->second, input);
        if (own) {
            input = *own;
        } else if (const auto path = model::FieldPath::parse(input)) {
            input = path->quoted();
        }
    }
}

class ColumnWishes {
public:
    ColumnWishes(const std::map<std::string, BuiltManifest>& manifests, const plan::Seen& seen,
                 std::vector<plan::WantedColumn>& columns)
        : m_manifests(manifests), m_seen(seen), m_columns(columns) {}

    base::Status add(const project::ColumnEntry& entry, model::TransformDescription transform) {
        if (transform.kind != "udf") {
            return base::fail(misfit(entry.origin,
                                     fmt::format("{} is a {}: it makes a view, not a column",
                                                 *entry.transform, transform.kind),
                                     fmt::format("write it below [views.NAME] with {} = \"{}\"",
                                                 transform.kind, *entry.transform)));
        }
        auto column = wish_of(entry, &transform);
        if (bridge::names_its_columns(transform)) {
            column.columns.clear();
            for (const auto& output : transform.outputs) {
                column.columns.push_back(output.column);
            }
            GENEVACTL_CHECK(check_is_output(entry, column.columns));
            if (const auto* same = same_registration(column)) {
                return check_agrees(entry, column, *same);
            }
        }
        spell(transform, entry.table, m_seen);
        column.transform = std::move(transform);
        m_columns.push_back(std::move(column));
        return {};
    }

    void add(const project::ColumnEntry& entry) {
        auto column = wish_of(entry, nullptr);
        column.expression = entry.expression;
        m_columns.push_back(std::move(column));
    }

private:
    plan::WantedColumn wish_of(const project::ColumnEntry& entry,
                               const model::TransformDescription* transform) const {
        return {.table = entry.table,
                .columns = {entry.column.parts.front()},
                .place = entry.origin.text(),
                .manifest = pinned(built_of(m_manifests, entry.manifest), transform),
                .due = entry.backfill,
                .where = entry.where};
    }

    static base::Status check_is_output(const project::ColumnEntry& entry,
                                        const std::vector<std::string>& columns) {
        if (std::ranges::find(columns, entry.column.parts.front()) != columns.end()) {
            return {};
        }
        return base::fail(misfit(entry.origin,
                                 fmt::format("{} names its columns itself: {}", *entry.transform,
                                             base::join(columns, ", ")),
                                 "name the entry after one of them"));
    }

    const plan::WantedColumn* same_registration(const plan::WantedColumn& column) const {
        const auto found = std::ranges::find_if(m_columns, [&](const auto& other) {
            return other.table == column.table && other.columns == column.columns;
        });
        return found == m_columns.end() ? nullptr : &*found;
    }

    static base::Status check_agrees(const project::ColumnEntry& entry,
                                     const plan::WantedColumn& column,
                                     const plan::WantedColumn& other) {
        const auto checksum = [](const auto& manifest) {
            return manifest ? manifest->checksum : std::string();
        };
        if (column.due == other.due && column.where == other.where &&
            checksum(column.manifest) == checksum(other.manifest)) {
            return {};
        }
        return base::fail(
            misfit(entry.origin,
                   fmt::format("it is one registration with the entry at {}, and says otherwise",
                               other.place),
                   "give both the same manifest, backfill and where"));
    }

    const std::map<std::string, BuiltManifest>& m_manifests;
    const plan::Seen& m_seen;
    std::vector<plan::WantedColumn>& m_columns;
};

std::optional<model::ViewKind> view_kind_of(project::ViewEntry::Kind kind) {
    switch (kind) {
        case project::ViewEntry::Kind::query:
            return model::ViewKind::query;
        case project::ViewEntry::Kind::chunker:
            return model::ViewKind::chunker;
        case project::ViewEntry::Kind::udtf:
            return model::ViewKind::udtf;
        case project::ViewEntry::Kind::keep:
            break;
    }
    return std::nullopt;
}

/// "id", "alias=expression".
model::ViewColumn view_column(const std::string& text) {
    const auto equals = text.find('=');
    if (equals == std::string::npos) {
        const std::string name(base::trim(text));
        return {.name = name, .expression = name};
    }
    return {.name = std::string(base::trim(text.substr(0, equals))),
            .expression = std::string(base::trim(text.substr(equals + 1)))};
}

plan::WantedView wish_of(const project::ViewEntry& entry, const BuiltManifest* built,
                         std::optional<model::TransformDescription> transform) {
    plan::WantedView view{.name = entry.name,
                          .source = entry.source,
                          .place = entry.origin.text(),
                          .kind = view_kind_of(entry.kind),
                          .where = entry.where.value_or(""),
                          .partition_by = entry.partition_by.value_or(""),
                          .manifest = pinned(built, transform ? &*transform : nullptr),
                          .due = entry.refresh};
    for (const auto& text : entry.select) {
        view.select.push_back(view_column(text));
    }
    view.transform = std::move(transform);
    return view;
}

base::Status check_kind(const project::ViewEntry& entry,
                        const model::TransformDescription& transform) {
    const auto kind = model::name_of(*view_kind_of(entry.kind));
    if (transform.kind == kind) {
        return {};
    }
    return base::fail(misfit(
        entry.origin, fmt::format("{} is a {}, not a {}", entry.transform, transform.kind, kind),
        transform.kind == "udf"
            ? "a udf computes a column: write it below [columns.\"TABLE.COLUMN\"]"
            : fmt::format("write {} = \"{}\"", transform.kind, entry.transform)));
}

std::vector<plan::Upload> uploads_of(const std::map<std::string, BuiltManifest>& manifests) {
    std::vector<plan::Upload> uploads;
    for (const auto& [name, built] : manifests) {
        if (built.missing > 0) {
            uploads.push_back({.manifest = name,
                               .checksum = built.document.manifest.checksum,
                               .bytes = built.to_send,
                               .archives = built.missing});
        }
    }
    return uploads;
}

}  // namespace

base::Result<plan::Wanted> wanted_of(Session& session, const project::File& chosen,
                                     const std::map<std::string, BuiltManifest>& manifests,
                                     const plan::Seen& seen) {
    GENEVACTL_TRY(auto transforms, Asking(chosen, manifests).ask(session));
    auto next = transforms.begin();
    plan::Wanted wanted;
    ColumnWishes columns(manifests, seen, wanted.columns);
    for (const auto& entry : chosen.columns) {
        if (!entry.transform) {
            columns.add(entry);
        } else {
            GENEVACTL_CHECK(columns.add(entry, std::move(*next++)));
        }
    }
    for (const auto& entry : chosen.views) {
        std::optional<model::TransformDescription> transform;
        if (!entry.transform.empty()) {
            transform = std::move(*next++);
            GENEVACTL_CHECK(check_kind(entry, *transform));
            spell(*transform, entry.source, seen);
        }
        wanted.views.push_back(
            wish_of(entry, built_of(manifests, entry.manifest), std::move(transform)));
    }
    wanted.uploads = uploads_of(manifests);
    return wanted;
}

}  // namespace genevactl::run
