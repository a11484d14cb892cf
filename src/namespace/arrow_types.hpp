// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <nanoarrow/nanoarrow.hpp>
#include <nlohmann/json.hpp>

#include "genevactl/base/error.hpp"
#include "genevactl/model/schema.hpp"

namespace genevactl::ns {

/// How values of a column are read: what of the schema a value needs, once for all rows.
struct ValueType {
    std::string name;
    ArrowType id = NANOARROW_TYPE_UNINITIALIZED;
    ArrowTimeUnit unit = NANOARROW_TIME_UNIT_SECOND;
    bool has_zone = false;
    std::int32_t bits = 0;  ///< of a decimal
    std::int32_t scale = 0;
    std::vector<ValueType> children = {};
    std::unique_ptr<ValueType> dictionary = {};  ///< the type of its values
};

/// A column of a decoded schema, both as people read it and as its values are read.
struct ArrowColumn {
    model::Field field;
    ValueType type;
};
/// Error kind failed for a schema that makes no sense.
base::Result<ArrowColumn> column_from_arrow(const ArrowSchema& schema);

}  // namespace genevactl::ns
