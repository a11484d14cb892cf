// SPDX-License-Identifier: Apache-2.0
#include "genevactl/run/complete.hpp"

#include <algorithm>

#include "genevactl/base/text.hpp"
#include "genevactl/model/job.hpp"
#include "genevactl/model/names.hpp"
#include "genevactl/namespace/job_pages.hpp"
#include "genevactl/settings/profile_names.hpp"
#include "tables_below.hpp"

namespace genevactl::run {

namespace {

constexpr std::int64_t k_offered_jobs = 50;  // the newest: nobody chooses from more
constexpr std::int64_t k_offered_manifests = 1000;

/// The client, or null where there is none without starting or running something.
ns::Client* ready_client(Session& session) {
    const auto& settings = session.settings();
    if (settings.api_key_command.value && !settings.api_key.value && !settings.bearer_token.value) {
        return nullptr;
    }
    const auto client = session.client(Start::never);
    return client ? *client : nullptr;
}

void add_tables(ns::Client& client, bool views_only, std::vector<FoundName>& names) {
    std::vector<model::ObjectId> ids;
    // An error (the time is over, say) leaves what was found before.
    static_cast<void>(collect_tables(client, {}, true, ids));
    for (const auto& id : ids) {
        if (views_only) {
            const auto described = client.describe_table(id);
            if (!described || !described->is_view()) {
                continue;
            }
        }
        names.push_back({id.text()});
    }
}

void add_columns(ns::Client& client, const std::string& table, std::vector<FoundName>& names) {
    const auto id = model::ObjectId::parse(table);
    const auto described =
        id ? client.describe_table(*id) : base::Result<model::TableDescription>();
    if (!id || !described) {
        return;
    }
    for (const auto& field : described->schema.fields) {
        names.push_back({model::FieldPath{{field.name}}.text(), field.type});
    }
}

void add_jobs(ns::Client& client, std::vector<FoundName>& names) {
    auto pages = ns::JobPages::open(client, {}, ns::JobDetail::listing, k_offered_jobs);
    const auto page = pages ? pages->next() : base::Result<ns::JobPage>();
    if (!pages || !page) {
        return;
    }
    for (std::size_t i = 0; i < page->size(); ++i) {
        const auto record = page->record(i);
        names.push_back(
            {record.id, record.target() + " " + std::string(model::name_of(record.status))});
    }
}

void add_manifests(ns::Client& client, std::vector<FoundName>& names) {
    ns::Query query;
    query.columns = {"name"};
    query.limit = k_offered_manifests;
    const auto rows = client.query({{"__system", "geneva_manifests"}}, query);
    for (std::int64_t row = 0; rows && row < rows->size(); ++row) {
        names.push_back({rows->text("name", row).value_or("")});
    }
}

void add_profiles(const Session& session, std::vector<FoundName>& names) {
    const auto profiles = settings::profile_names(session.surroundings());
    for (const auto& profile : profiles ? *profiles : std::vector<std::string>()) {
        names.push_back({profile});
    }
}

void add_settings(std::vector<FoundName>& names) {
    for (const auto& key : settings::keys()) {
        names.push_back({std::string(key.name), std::string(key.meaning)});
    }
}

void add(Session& session, NameKind kind, const WantedNames& wanted,
         std::vector<FoundName>& names) {
    if (kind == NameKind::profile) return add_profiles(session, names);
    if (kind == NameKind::setting) return add_settings(names);
    auto* client = ready_client(session);
    if (client == nullptr) return;
    switch (kind) {
        case NameKind::table:
            return add_tables(*client, false, names);
        case NameKind::view:
            return add_tables(*client, true, names);
        case NameKind::column:
            return add_columns(*client, wanted.table, names);
        case NameKind::job:
            return add_jobs(*client, names);
        case NameKind::manifest:
            return add_manifests(*client, names);
        default:
            return;
    }
}

/// A shell shows it on the terminal, one a line.
bool can_be_shown(const FoundName& found) {
    return !found.name.empty() && found.name.find('\n') == std::string::npos &&
           found.name.find('\t') == std::string::npos && base::printable(found.name) == found.name;
}

}  // namespace

std::vector<FoundName> complete_names(Session& session, const WantedNames& wanted) {
    std::vector<FoundName> names;
    for (const auto kind : wanted.kinds) {
        add(session, kind, wanted, names);
    }
    std::erase_if(names, [&](const FoundName& found) {
        return !can_be_shown(found) || !base::starts_with(found.name, wanted.prefix);
    });
    return names;
}

}  // namespace genevactl::run
