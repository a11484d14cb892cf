// SPDX-License-Identifier: Apache-2.0
#include "genevactl/namespace/job_page.hpp"

#include <algorithm>

#include "job_rows.hpp"

namespace genevactl::ns {

struct JobPage::Data {
    struct Entry {
        base::WallTime launched_at;
        std::int64_t row;
    };

    explicit Data(Rows answer) : rows(std::move(answer)), reader(rows) {
        entries.reserve(static_cast<std::size_t>(rows.size()));
        for (std::int64_t row = 0; row < rows.size(); ++row) {
            if (const auto time = reader.launched_at(row)) entries.push_back({*time, row});
        }
        std::ranges::sort(entries, [this](const Entry& left, const Entry& right) {
            if (left.launched_at != right.launched_at) return left.launched_at > right.launched_at;
            return reader.id(left.row) > reader.id(right.row);
        });
    }

    Rows rows;
    JobReader reader;
    std::vector<Entry> entries = {};
};

JobPage::JobPage() = default;
JobPage::JobPage(Rows rows) : m_data(std::make_unique<Data>(std::move(rows))) {}
JobPage::JobPage(JobPage&&) noexcept = default;
JobPage& JobPage::operator=(JobPage&&) noexcept = default;
JobPage::~JobPage() = default;

std::size_t JobPage::size() const {
    return m_data ? m_data->entries.size() : 0;
}

model::JobRecord JobPage::record(std::size_t index) const {
    return m_data->reader.record(m_data->entries.at(index).row);
}

void JobPage::cut(std::size_t count) {
    if (count < size()) m_data->entries.resize(count);
}

}  // namespace genevactl::ns
