// SPDX-License-Identifier: Apache-2.0
#include "genevactl/model/schema.hpp"

#include <algorithm>

namespace genevactl::model {

namespace {

const Field* find_in(const std::vector<Field>& fields, const std::string& name) {
    const auto found = std::find_if(fields.begin(), fields.end(),
                                    [&](const Field& field) { return field.name == name; });
    return found == fields.end() ? nullptr : &*found;
}

}  // namespace

const Field* Schema::find(const std::string& name) const {
    return find_in(fields, name);
}

const Field* Schema::find(const FieldPath& path) const {
    const auto* level = &fields;
    const Field* field = nullptr;
    for (const auto& part : path.parts) {
        field = level == nullptr ? nullptr : find_in(*level, part);
        if (field == nullptr) return nullptr;
        // A list's child is an element, not a field that a path can name.
        level = field->type.rfind("struct<", 0) == 0 ? &field->children : nullptr;
    }
    return field;
}

std::vector<std::string> Schema::names() const {
    std::vector<std::string> names;
    names.reserve(fields.size());
    for (const auto& field : fields) {
        names.push_back(field.name);
    }
    return names;
}

}  // namespace genevactl::model
