// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "genevactl/model/names.hpp"

namespace genevactl::model {

using StringMap = std::map<std::string, std::string>;

/// A field of a schema. `type` reads as people write it ("fixed_size_list<float, 256>"),
/// `type_json` is the API's JSON Arrow type.
struct Field {
    std::string name;
    std::string type;
    std::string type_json;
    bool nullable = true;
    StringMap metadata = {};
    std::vector<Field> children = {};
};

struct Schema {
    std::vector<Field> fields;
    StringMap metadata = {};

    /// The top-level field of that name, or null.
    const Field* find(const std::string& name) const;
    /// The field at the path through structs, or null.
    const Field* find(const FieldPath& path) const;
    /// The path in the schema's own spelling: at each level the field of that very name, else the
    /// only one that differs in (ASCII) case alone. Nothing if there is none.
    std::optional<FieldPath> spelled(const FieldPath& path) const;
    std::vector<std::string> names() const;
};

/// What `describe` answers of a table or view.
struct TableDescription {
    ObjectId id;
    std::int64_t version = 0;
    std::optional<std::string> location = {};
    std::optional<std::int64_t> rows = {};
    Schema schema = {};

    /// A materialized view says so in its schema's metadata.
    bool is_view() const { return schema.metadata.contains("geneva::view::query"); }
};

}  // namespace genevactl::model
