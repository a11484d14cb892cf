// SPDX-License-Identifier: Apache-2.0
#include "identity.hpp"

#include "documents.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/model/snapshot.hpp"

namespace genevactl::run {

namespace {

/// Whether a refusal is about the field metadata: a deployment names the field that it refuses.
bool refuses_field_metadata(const base::Error& error) {
    return error.message.find("field_metadata") != std::string::npos ||
           error.message.find(model::k_identity_key) != std::string::npos;
}

/// The entry without our own key, and without the member if nothing else is in it.
std::string without_identity(const std::string& entry) {
    auto document = Json::parse(entry, nullptr, false);
    const auto metadata = document.find("field_metadata");
    if (metadata != document.end() && metadata->is_object()) {
        metadata->erase(model::k_identity_key);
        metadata->erase(model::k_target_key);
        if (metadata->empty()) *metadata = nullptr;
    }
    return dump(document);
}

base::Result<bool> is_kept(ns::Client& client, const model::ObjectId& table,
                           const model::FieldPath& column, const std::string& identity) {
    GENEVACTL_TRY(const auto described, client.describe_table(table));
    const auto* field = described.schema.find(column);
    if (field == nullptr) return false;
    const auto found = field->metadata.find(model::k_identity_key);
    return found != field->metadata.end() && found->second == identity;
}

}  // namespace

base::Result<Registered> register_with_identity(
    Session& session, const model::ObjectId& table, const model::FieldPath& column,
    const std::string& identity, const std::string& entry,
    const std::function<base::Result<std::int64_t>(const std::string&)>& send) {
    Registered registered;
    auto version = send(entry);
    if (!version && refuses_field_metadata(version.error())) {
        version = send(without_identity(entry));
    }
    if (!version) return base::fail(std::move(version).error());
    registered.version = *version;
    GENEVACTL_TRY(auto* client, session.client());
    const auto kept = is_kept(*client, table, column, identity);
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
