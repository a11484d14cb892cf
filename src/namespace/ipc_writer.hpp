// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/model/schema.hpp"

struct ArrowArray;  // of the Arrow C data interface

namespace genevactl::ns {

/// A column of a table that is written here.
struct StreamColumn {
    enum class Type : std::uint8_t { text, flag, time, texts, lists_of_texts };
    const char* name;
    Type type;
    bool nullable;
};

/// Those of `known` that the table has, in its order and as nullable as there (other versions of
/// geneva have fewer or more). Error kind failed if it wants one that is not known; `what` names
/// it, as in "jobs table".
base::Result<std::vector<StreamColumn>> columns_of_table(const std::vector<StreamColumn>& known,
                                                         const model::Schema& table,
                                                         std::string_view what);

/// Appends rows to an array of structs with the columns' children; 0 or an errno.
using AppendRows = std::function<int(ArrowArray* rows)>;

/// An Arrow IPC stream of one batch with the rows that `append` gives, which may be none: a
/// deployment takes a stream without any batch for no data at all. Times are microseconds in UTC.
/// Error kind internal; `what` is what was to be written, as in "a job's record".
base::Result<std::string> write_stream(const std::vector<StreamColumn>& columns,
                                       std::string_view what, const AppendRows& append);

}  // namespace genevactl::ns
