// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>

#include "genevactl/model/job.hpp"
#include "genevactl/namespace/rows.hpp"

namespace genevactl::ns {

/// Records of the jobs table, newest first. They stay the columns of the answer that they came in;
/// one at a time becomes a value.
class JobPage {
public:
    JobPage();  ///< an empty one
    /// Rows without a launch time are left out: that column is never null.
    explicit JobPage(Rows rows);
    JobPage(JobPage&&) noexcept;
    JobPage& operator=(JobPage&&) noexcept;
    ~JobPage();

    std::size_t size() const;
    bool empty() const { return size() == 0; }
    model::JobRecord record(std::size_t index) const;
    /// Leaves the first `count`.
    void cut(std::size_t count);

private:
    struct Data;
    std::unique_ptr<Data> m_data;
};

}  // namespace genevactl::ns
