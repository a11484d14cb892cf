// SPDX-License-Identifier: Apache-2.0
#include "genevactl/storage/options.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "genevactl/base/text.hpp"

namespace genevactl::storage {

StoreOptions::StoreOptions(std::map<std::string, base::Secret> values) {
    for (auto& [name, value] : values) {
        if (!value.empty()) {
            m_values.emplace(base::lower(name), std::move(value));
        }
    }
}

const base::Secret* StoreOptions::find(std::initializer_list<std::string_view> names) const {
    for (const auto name : names) {
        if (const auto found = m_values.find(name); found != m_values.end()) {
            return &found->second;
        }
    }
    return nullptr;
}

std::optional<std::string> StoreOptions::text(std::initializer_list<std::string_view> names) const {
    const auto* found = find(names);
    return found != nullptr ? std::optional(std::string(found->reveal())) : std::nullopt;
}

base::Secret StoreOptions::secret(std::initializer_list<std::string_view> names) const {
    const auto* found = find(names);
    return found != nullptr ? *found : base::Secret();
}

bool StoreOptions::flag(std::initializer_list<std::string_view> names) const {
    constexpr std::array<std::string_view, 4> k_true = {"true", "1", "yes", "on"};
    const auto value = base::lower(text(names).value_or(""));
    return std::ranges::find(k_true, value) != k_true.end();
}

std::optional<base::WallTime> StoreOptions::expires_at() const {
    const auto value = text({"expires_at_millis"});
    std::int64_t milliseconds = 0;
    if (!value) {
        return std::nullopt;
    }
    const auto* const end = value->data() + value->size();
    const auto [stopped, error] = std::from_chars(value->data(), end, milliseconds);
    if (error != std::errc() || stopped != end || milliseconds < 0 ||
        milliseconds > INT64_MAX / 1000) {
        return std::nullopt;
    }
    return base::WallTime(std::chrono::milliseconds(milliseconds));
}

}  // namespace genevactl::storage
