// SPDX-License-Identifier: Apache-2.0
#include "toml_file.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "genevactl/base/files.hpp"
#include "genevactl/base/try.hpp"

namespace genevactl::settings {

namespace {

constexpr std::size_t k_largest_settings = std::size_t{4} << 20U;

Place place_of(const toml::source_position& position) {
    return {position.line, position.column};
}

void read_scalar(const toml::node& value, Node& node) {
    if (const auto* text = value.as_string()) {
        node.kind = Node::Kind::text;
        node.text = text->get();
    } else if (const auto* integer = value.as_integer()) {
        node.kind = Node::Kind::integer;
        node.text = std::to_string(integer->get());
    } else if (const auto* real = value.as_floating_point()) {
        node.kind = Node::Kind::real;
        node.text = fmt::format("{}", real->get());
    } else if (const auto* boolean = value.as_boolean()) {
        node.kind = Node::Kind::boolean;
        node.text = boolean->get() ? "true" : "false";
    } else {
        node.kind = Node::Kind::other;
    }
}

/// As deep as the library lets a file nest (256 levels).
Node convert(const toml::node& value) {
    Node node;
    node.begin = place_of(value.source().begin);
    node.end = place_of(value.source().end);
    const auto* table = value.as_table();
    if (table == nullptr) {
        read_scalar(value, node);
        return node;
    }
    for (const auto& [key, item] : *table) {
        auto child = convert(item);
        child.key = key.str();
        child.key_place = place_of(key.source().begin);
        node.children.push_back(std::move(child));
    }
    std::ranges::sort(node.children, {}, &Node::key_place);
    return node;
}

}  // namespace

const Node* Node::child(std::string_view name) const {
    const auto found = std::ranges::find(children, name, &Node::key);
    return found == children.end() ? nullptr : &*found;
}

std::string_view name_of(Node::Kind kind) {
    switch (kind) {
        case Node::Kind::table:
            return "a table";
        case Node::Kind::text:
            return "text";
        case Node::Kind::integer:
            return "an integer";
        case Node::Kind::real:
            return "a number";
        case Node::Kind::boolean:
            return "true or false";
        case Node::Kind::other:
            break;
    }
    return "a list or a date";
}

std::string where(const std::filesystem::path& file, Place place) {
    return fmt::format("{}:{}:{}", file.string(), place.line, place.column);
}

base::Result<Node> parse_toml(std::string_view text, const std::filesystem::path& file) {
    try {
        return convert(toml::parse(text));
    } catch (const toml::parse_error& error) {
        return base::fail(
            base::ErrorKind::usage,
            fmt::format("{}: not TOML: {}", where(file, place_of(error.source().begin)),
                        error.description()),
            "mend the file; strings stand in quotes, tables begin with [NAME]");
    }
}

base::Result<Node> read_toml(const std::filesystem::path& file) {
    GENEVACTL_TRY(const auto text, base::read_file(file, k_largest_settings));
    return parse_toml(text, file);
}

}  // namespace genevactl::settings
