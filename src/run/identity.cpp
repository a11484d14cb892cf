// SPDX-License-Identifier: Apache-2.0
#include "identity.hpp"

#include "documents.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/model/snapshot.hpp"
#include "genevactl/namespace/job_pages.hpp"
#include "live_job.hpp"

namespace genevactl::run {

namespace {

/// Whether a refusal is about the field metadata: a deployment names the field that it refuses.
bool refuses_field_metadata(const base::Error& error) {
    return error.message.find("field_metadata") != std::string::npos ||
           error.message.find(model::k_identity_key) != std::string::npos;
}

/// The entry without our own keys, and without the member if nothing else is in it.
std::string without_ours(const std::string& entry) {
    auto document = Json::parse(entry, nullptr, false);
    const auto metadata = document.find("field_metadata");
    if (metadata != document.end() && metadata->is_object()) {
        metadata->erase(model::k_identity_key);
        metadata->erase(model::k_target_key);
        metadata->erase(model::k_registered_key);
        if (metadata->empty()) *metadata = nullptr;
    }
    return dump(document);
}

/// The entry with the registration beside the identity, if it has that.
std::string with_registration(const std::string& entry, const model::Registration& registration) {
    auto document = Json::parse(entry, nullptr, false);
    const auto metadata = document.find("field_metadata");
    if (metadata == document.end() || !metadata->is_object()) return entry;
    (*metadata)[model::k_registered_key] = model::registration_text(registration);
    return dump(document);
}

base::Result<bool> is_kept(ns::Client& client, const Registering& registering) {
    GENEVACTL_TRY(const auto described, client.describe_table(registering.table));
    const auto* field = described.schema.find(registering.columns.front());
    if (field == nullptr) return false;
    const auto found = field->metadata.find(model::k_identity_key);
    return found != field->metadata.end() && found->second == registering.identity;
}

/// When the newest job of the columns was launched, whatever became of it.
base::Result<std::optional<base::WallTime>> last_launch(ns::Client& client,
                                                        const model::ObjectId& table,
                                                        const std::vector<std::string>& columns) {
    const ns::JobFilter filter{.table = table.parts.back(), .columns = columns};
    GENEVACTL_TRY(auto pages, ns::JobPages::open(client, filter, ns::JobDetail::parameters));
    while (true) {
        GENEVACTL_TRY(const auto page, pages.next());
        for (std::size_t i = 0; i < page.size(); ++i) {
            const auto record = page.record(i);
            if (is_of_table(record, table)) return record.launched_at;  // the newest comes first
        }
        if (page.empty()) return std::nullopt;
    }
}

}  // namespace

model::Registration registration_now(Session& session, ns::Client& client,
                                     const model::ObjectId& table,
                                     const std::vector<std::string>& columns,
                                     model::Registration::How how) {
    const auto now = session.surroundings().clock->now();
    model::Registration registration{.how = how, .at = now};
    const auto last = last_launch(client, table, columns);
    // Where the jobs cannot be read this clock must do.
    registration.last_job = last ? *last : std::optional(now);
    return registration;
}

base::Result<Registered> register_with_identity(
    Session& session, const Registering& registering, const std::string& entry,
    const std::function<base::Result<std::int64_t>(const std::string&)>& send) {
    GENEVACTL_TRY(auto* client, session.client());
    Registered registered;
    auto version =
        send(with_registration(entry, registration_now(session, *client, registering.table,
                                                       registering.columns, registering.how)));
    if (!version && refuses_field_metadata(version.error())) {
        version = send(without_ours(entry));
    }
    if (!version) return base::fail(std::move(version).error());
    registered.version = *version;
    const auto kept = is_kept(*client, registering);
    registered.identity_kept = kept && *kept;
    if (!registered.identity_kept) {
        session.reporter().warn(
            kept ? "the deployment does not keep the identity of the transform"
                 : "could not see whether the deployment keeps the identity of the transform: " +
                       kept.error().message,
            "the column is registered; only a later comparison with your code is not possible");
    }
    return registered;
}

}  // namespace genevactl::run
