// SPDX-License-Identifier: Apache-2.0
#include "genevactl/model/schema.hpp"

#include <algorithm>

#include "genevactl/base/text.hpp"

namespace genevactl::model {

namespace {

const Field* find_in(const std::vector<Field>& fields, const std::string& name) {
    const auto found = std::find_if(fields.begin(), fields.end(),
                                    [&](const Field& field) { return field.name == name; });
    return found == fields.end() ? nullptr : &*found;
}

/// The field of that name, or the only one whose name differs in case alone.
const Field* find_nearly(const std::vector<Field>& fields, const std::string& name) {
    if (const auto* field = find_in(fields, name)) return field;
    const Field* found = nullptr;
    for (const auto& field : fields) {
        if (base::lower(field.name) != base::lower(name)) continue;
        if (found != nullptr) return nullptr;
        found = &field;
    }
    return found;
}

/// What a path may lead into: a list's child is an element, not a field that it can name.
const std::vector<Field>* fields_below(const Field& field) {
    return base::starts_with(field.type, "struct<") ? &field.children : nullptr;
}

/// The fields along the path, or none.
std::vector<const Field*> walk(const std::vector<Field>& fields, const FieldPath& path,
                               const Field* (*find)(const std::vector<Field>&,
                                                    const std::string&)) {
    std::vector<const Field*> found;
    const auto* level = &fields;
    for (const auto& part : path.parts) {
        const auto* field = level == nullptr ? nullptr : find(*level, part);
        if (field == nullptr) return {};
        found.push_back(field);
        level = fields_below(*field);
    }
    return found;
}

}  // namespace

const Field* Schema::find(const std::string& name) const {
    return find_in(fields, name);
}

const Field* Schema::find(const FieldPath& path) const {
    const auto found = walk(fields, path, find_in);
    return found.empty() ? nullptr : found.back();
}

std::optional<FieldPath> Schema::spelled(const FieldPath& path) const {
    FieldPath own;
    for (const auto* field : walk(fields, path, find_nearly)) {
        own.parts.push_back(field->name);
    }
    if (own.parts.empty()) return std::nullopt;
    return own;
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
