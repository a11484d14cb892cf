// SPDX-License-Identifier: Apache-2.0
#include "genevactl/model/registration.hpp"

#include <nlohmann/json.hpp>

namespace genevactl::model {

namespace {

constexpr const char* k_added = "added";
constexpr const char* k_altered = "altered";

nlohmann::ordered_json time_or_null(const std::optional<base::WallTime>& time) {
    return time ? nlohmann::ordered_json(base::rfc3339(*time)) : nlohmann::ordered_json(nullptr);
}

std::optional<base::WallTime> time_at(const nlohmann::json& document, const char* name) {
    const auto found = document.find(name);
    if (found == document.end() || !found->is_string()) return std::nullopt;
    const auto time = base::parse_rfc3339(found->get_ref<const std::string&>());
    return time ? std::optional(*time) : std::nullopt;
}

}  // namespace

std::string registration_text(const Registration& registration) {
    nlohmann::ordered_json document;
    document["how"] = registration.how == Registration::How::altered ? k_altered : k_added;
    document["at"] = time_or_null(registration.at);
    document["last_job"] = time_or_null(registration.last_job);
    return document.dump();
}

std::optional<Registration> registration_of(const StringMap& metadata) {
    const auto found = metadata.find(k_registered_key);
    if (found == metadata.end()) return std::nullopt;
    if (const auto time = base::parse_rfc3339(found->second)) {
        return Registration{.at = *time, .last_job = *time};
    }
    const auto document = nlohmann::json::parse(found->second, nullptr, false);
    const auto how = document.is_object() ? document.value("how", nlohmann::json()) : document;
    if (how != k_added && how != k_altered) return std::nullopt;
    const auto last = document.find("last_job");
    Registration registration{
        .how = how == k_altered ? Registration::How::altered : Registration::How::added,
        .at = time_at(document, "at"),
        .last_job = time_at(document, "last_job")};
    if (last == document.end() || (!last->is_null() && !registration.last_job)) {
        return std::nullopt;  // without it every older job would count as one of this snapshot
    }
    return registration;
}

}  // namespace genevactl::model
