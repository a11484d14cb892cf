// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "genevactl/model/job.hpp"
#include "job_rows.hpp"

namespace genevactl::test {

/// One Arrow IPC stream with a batch for each record, from the streams of one row that the
/// namespace room writes; empty for none.
inline std::string job_batches(const std::vector<model::JobRecord>& records) {
    std::string stream;
    std::string end;
    for (const auto& record : records) {
        const auto one = ns::job_stream(record).value();
        std::uint32_t size = 0;
        std::memcpy(&size, one.data() + 4, 4);
        const auto schema = 8 + std::size_t{size};
        if (stream.empty()) stream = one.substr(0, schema);
        stream += one.substr(schema, one.size() - 8 - schema);
        end = one.substr(one.size() - 8);
    }
    return stream + end;
}

}  // namespace genevactl::test
