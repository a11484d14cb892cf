// SPDX-License-Identifier: Apache-2.0
#include "toml_tree.hpp"

#include "genevactl/base/toml.hpp"
#include "genevactl/base/try.hpp"

namespace genevactl::manifest {

namespace {

/// As deep as the library lets a file nest (256 levels).
JsonValue convert(const base::TomlNode& node) {
    using From = base::TomlNode::Kind;
    using To = JsonValue::Kind;
    switch (node.kind) {
        case From::table: {
            JsonValue table{.kind = To::object};
            for (const auto& child : node.children) {
                table.members.emplace(child.key, convert(child));
            }
            return table;
        }
        case From::list: {
            JsonValue list{.kind = To::array};
            for (const auto& child : node.children) {
                list.items.push_back(convert(child));
            }
            return list;
        }
        case From::integer:
            return {.kind = To::integer, .text = node.text};
        case From::real:
            return {.kind = To::real, .text = node.text};
        case From::boolean:
            return {.kind = To::boolean, .text = node.text};
        case From::text:
        case From::other:
            break;
    }
    return {.kind = To::string, .text = node.text};
}

}  // namespace

base::Result<JsonValue> read_toml(const std::filesystem::path& file, std::size_t limit) {
    GENEVACTL_TRY(const auto root, base::read_toml(file, limit));
    return convert(root);
}

const JsonValue* member(const JsonValue& value, const std::string& name) {
    const auto found = value.members.find(name);
    return found == value.members.end() ? nullptr : &found->second;
}

std::string text_member(const JsonValue& value, const std::string& name) {
    const auto* found = member(value, name);
    return found == nullptr || found->kind != JsonValue::Kind::string ? "" : found->text;
}

const std::vector<JsonValue>& items_of(const JsonValue& value, const std::string& name) {
    static const std::vector<JsonValue> k_none;
    const auto* found = member(value, name);
    return found == nullptr ? k_none : found->items;
}

std::vector<std::string> texts_of(const JsonValue& value, const std::string& name) {
    std::vector<std::string> texts;
    for (const auto& item : items_of(value, name)) {
        if (item.kind == JsonValue::Kind::string) {
            texts.push_back(item.text);
        }
    }
    return texts;
}

}  // namespace genevactl::manifest
