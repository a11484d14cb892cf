// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "fields.hpp"
#include "genevactl/base/clock.hpp"
#include "genevactl/base/secret.hpp"
#include "layer.hpp"

namespace genevactl::settings {

namespace {

std::string text_of(const std::string& value) {
    return value;
}
std::string text_of(const std::optional<std::string>& value) {
    return value.value_or("");
}
std::string text_of(const std::optional<base::Secret>& value) {
    return value ? "[set]" : "";
}
std::string text_of(const std::optional<std::filesystem::path>& value) {
    return value ? value->string() : std::string();
}
std::string text_of(base::Microseconds value) {
    return base::format_duration(value);
}

}  // namespace

std::vector<Listed> list(const Settings& settings) {
    std::vector<Listed> result;
    for_each_field(settings, [&](std::string_view name, const auto& field) {
        auto text = text_of(field.value);
        if (text.find("://") != std::string::npos && find_key(name)->type != "command") {
            text = base::redact_url(text);  // a URL may hold a password
        }
        result.push_back({std::string(name), std::move(text), field.origin});
    });
    return result;
}

}  // namespace genevactl::settings
