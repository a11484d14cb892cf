// SPDX-License-Identifier: Apache-2.0
#include "error_groups.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace genevactl::run {

std::string row_name(const model::RowError& error) {
    if (!error.row_address) return "";
    // fragment << 32 | offset, as Lance has it
    const auto address = static_cast<std::uint64_t>(*error.row_address);
    return fmt::format("{}/{}", address >> 32U, address & 0xffffffffU);
}

void ErrorGroups::add(const model::RowError& error) {
    ++m_count;
    const std::pair key{error.error_type, std::string(error.headline())};
    auto found = m_groups.find(key);
    if (found == m_groups.end()) {
        if (m_groups.size() >= k_most) {
            ++m_rest.count;
            return;
        }
        found = m_groups.emplace(key, ErrorGroup{.type = key.first, .message = key.second}).first;
    }
    auto& group = found->second;
    ++group.count;
    if (auto row = row_name(error); !row.empty() && group.rows.size() < k_rows_shown) {
        group.rows.push_back(std::move(row));
    }
    if (group.traceback.empty()) group.traceback = error.traceback;
}

std::vector<ErrorGroup> ErrorGroups::groups() const {
    std::vector<ErrorGroup> sorted;
    for (const auto& [key, group] : m_groups) {
        sorted.push_back(group);
    }
    std::ranges::stable_sort(sorted, std::greater<>(), &ErrorGroup::count);
    if (m_rest.count > 0) sorted.push_back(m_rest);
    return sorted;
}

}  // namespace genevactl::run
