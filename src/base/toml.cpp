// SPDX-License-Identifier: Apache-2.0
#include "genevactl/base/toml.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "genevactl/base/files.hpp"
#include "genevactl/base/try.hpp"

namespace genevactl::base {

namespace {

TomlPlace place_of(const toml::source_position& position) {
    return {position.line, position.column};
}

void read_scalar(const toml::node& value, TomlNode& node) {
    if (const auto* text = value.as_string()) {
        node.kind = TomlNode::Kind::text;
        node.text = text->get();
    } else if (const auto* integer = value.as_integer()) {
        node.kind = TomlNode::Kind::integer;
        node.text = std::to_string(integer->get());
    } else if (const auto* real = value.as_floating_point()) {
        node.kind = TomlNode::Kind::real;
        node.text = fmt::format("{}", real->get());
    } else if (const auto* boolean = value.as_boolean()) {
        node.kind = TomlNode::Kind::boolean;
        node.text = boolean->get() ? "true" : "false";
    } else {
        node.kind = TomlNode::Kind::other;
    }
}

/// As deep as the library lets a file nest (256 levels).
TomlNode convert(const toml::node& value) {
    TomlNode node;
    node.begin = place_of(value.source().begin);
    node.end = place_of(value.source().end);
    if (const auto* table = value.as_table()) {
        for (const auto& [key, item] : *table) {
            auto child = convert(item);
            child.key = key.str();
            child.key_place = place_of(key.source().begin);
            node.children.push_back(std::move(child));
        }
        std::ranges::sort(node.children, {}, &TomlNode::key_place);
    } else if (const auto* list = value.as_array()) {
        node.kind = TomlNode::Kind::list;
        for (const auto& item : *list) {
            node.children.push_back(convert(item));
        }
    } else {
        read_scalar(value, node);
    }
    return node;
}

}  // namespace

const TomlNode* TomlNode::child(std::string_view name) const {
    const auto found = std::ranges::find(children, name, &TomlNode::key);
    return found == children.end() ? nullptr : &*found;
}

std::string_view name_of(TomlNode::Kind kind) {
    switch (kind) {
        case TomlNode::Kind::table:
            return "a table";
        case TomlNode::Kind::list:
            return "a list";
        case TomlNode::Kind::text:
            return "text";
        case TomlNode::Kind::integer:
            return "an integer";
        case TomlNode::Kind::real:
            return "a number";
        case TomlNode::Kind::boolean:
            return "true or false";
        case TomlNode::Kind::other:
            break;
    }
    return "a date or time";
}

std::string where(const std::filesystem::path& file, TomlPlace place) {
    return fmt::format("{}:{}:{}", file.string(), place.line, place.column);
}

Result<TomlNode> parse_toml(std::string_view text, const std::filesystem::path& file) {
    try {
        return convert(toml::parse(text));
    } catch (const toml::parse_error& error) {
        return fail(ErrorKind::usage,
                    fmt::format("{}: not TOML: {}", where(file, place_of(error.source().begin)),
                                error.description()),
                    "mend the file; strings stand in quotes, tables begin with [NAME]");
    }
}

Result<TomlNode> read_toml(const std::filesystem::path& file, std::size_t limit) {
    GENEVACTL_TRY(const auto text, read_file(file, limit));
    return parse_toml(text, file);
}

std::string toml_text(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            result += '\\';
            result += c;
        } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
            result += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
            result += c;
        }
    }
    return result + '"';
}

std::string toml_key(std::string_view key) {
    const bool bare = !key.empty() && std::ranges::all_of(key, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-';
    });
    return bare ? std::string(key) : toml_text(key);
}

}  // namespace genevactl::base
