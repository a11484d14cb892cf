// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "genevactl/model/job.hpp"

namespace genevactl::run {

/// "fragment/offset" of a row's address in the version that the job read, or "" for none.
std::string row_name(const model::RowError& error);

/// Failures of the same exception with the same message.
struct ErrorGroup {
    std::string type;
    std::string message;  ///< its first line
    std::int64_t count = 0;
    std::vector<std::string> rows = {};  ///< the names of the first few
    std::string traceback = {};          ///< of the first that has one
};

/// Groups failures one after the other. At most k_most groups are told apart, so that messages
/// that name their row need no memory each.
class ErrorGroups {
public:
    static constexpr std::size_t k_most = 1000;
    static constexpr std::size_t k_rows_shown = 5;

    void add(const model::RowError& error);
    std::int64_t count() const { return m_count; }
    /// The most frequent first; the rest of them, if there are too many, last.
    std::vector<ErrorGroup> groups() const;

private:
    std::map<std::pair<std::string, std::string>, ErrorGroup> m_groups = {};
    ErrorGroup m_rest = {.type = "…", .message = "other messages"};
    std::int64_t m_count = 0;
};

}  // namespace genevactl::run
