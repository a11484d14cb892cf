// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/model/job.hpp"
#include "genevactl/namespace/client.hpp"

namespace genevactl::ns {

/// The failures that `__system/geneva_errors` has of one job, page by page, all at one version of
/// the table: memory does not grow with their number. In the order in which they were written, as
/// far as the deployment keeps it.
class RowErrorPages {
public:
    static constexpr std::int64_t k_page = 1000;  // a traceback has some kilobytes

    /// No such table means no failures. `client` outlives the pages.
    static base::Result<RowErrorPages> open(Client& client, std::string job_id,
                                            std::int64_t page = k_page);
    /// The next failures; none at the end.
    base::Result<std::vector<model::RowError>> next();

private:
    RowErrorPages(Client& client, std::string job_id)
        : m_client(&client), m_job_id(std::move(job_id)) {}

    Client* m_client;
    std::string m_job_id;
    std::vector<std::string> m_columns = {};  ///< none: there is nothing to read
    std::optional<std::int64_t> m_version = {};
    std::int64_t m_page = k_page;
    std::int64_t m_offset = 0;
    bool m_over = false;
};

}  // namespace genevactl::ns
