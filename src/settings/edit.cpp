// SPDX-License-Identifier: Apache-2.0
#include "edit.hpp"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/base/toml.hpp"
#include "genevactl/base/try.hpp"
#include "layer.hpp"

namespace genevactl::settings {

namespace {

/// The byte at a place: columns count code points.
std::size_t offset_of(std::string_view text, Place place) {
    std::size_t offset = 0;
    for (unsigned line = 1; line < place.line && offset < text.size(); ++line) {
        offset = std::min(text.find('\n', offset), text.size() - 1) + 1;
    }
    for (unsigned column = 1; column < place.column && offset < text.size(); ++column) {
        do {
            ++offset;
        } while (offset < text.size() &&
                 (static_cast<unsigned char>(text[offset]) & 0xc0U) == 0x80);
    }
    return offset;
}

const Node* at_path(const Node& root, std::span<const std::string> path) {
    const auto* node = &root;
    for (const auto& key : path) {
        node = node == nullptr ? nullptr : node->child(key);
    }
    return node;
}

/// The end of the last thing in a table that stands in lines of its own.
Place end_of_own(const Node& table) {
    auto last = table.end;
    for (const auto& item : table.children) {
        if (item.kind != Node::Kind::table) {
            last = std::max(last, item.end);
        }
    }
    return last;
}

std::string newline_of(const std::string& text) {
    return text.find("\r\n") == std::string::npos ? "\n" : "\r\n";
}

/// The text with a line after the one that `place` is in, with the file's own line ends.
std::string with_line_after(const std::string& text, Place place, const std::string& line) {
    const auto newline = newline_of(text);
    const auto end = text.find('\n', offset_of(text, place));
    if (end == std::string::npos) {
        return text + newline + line + newline;
    }
    return text.substr(0, end + 1) + line + newline + text.substr(end + 1);
}

std::string with_table_at_end(std::string text, std::span<const std::string> table,
                              const std::string& line) {
    const auto newline = newline_of(text);
    if (!text.empty() && text.back() != '\n') {
        text += newline;
    }
    std::vector<std::string> names;
    for (const auto& name : table) {
        names.push_back(base::toml_key(name));
    }
    const std::string gap = text.empty() ? "" : newline;
    return text + gap + "[" + base::join(names, ".") + "]" + newline + line + newline;
}

std::string edited(const std::string& text, const Node& root, std::span<const std::string> path,
                   const std::string& value) {
    const auto table = path.first(path.size() - 1);
    const auto line = base::toml_key(path.back()) + " = " + value;
    if (const auto* there = at_path(root, path)) {
        const auto begin = offset_of(text, there->begin);
        return text.substr(0, begin) + value + text.substr(offset_of(text, there->end));
    }
    if (table.empty()) {
        return line + newline_of(text) + text;
    }
    if (const auto* found = at_path(root, table)) {
        return with_line_after(text, end_of_own(*found), line);
    }
    return with_table_at_end(text, table, line);
}

/// Whether `after` is `before` with the value at `path` and nothing else changed.
bool differs_only_there(const Node& before, const Node& after, std::span<const std::string> path,
                        std::string_view value) {
    std::vector<std::string> keys;
    for (const auto* node : {&before, &after}) {
        for (const auto& item : node->children) {
            if (std::ranges::find(keys, item.key) == keys.end()) {
                keys.push_back(item.key);
            }
        }
    }
    const Node nothing;
    return std::ranges::all_of(keys, [&](const std::string& key) {
        const auto* old_item = before.child(key);
        const auto* new_item = after.child(key);
        if (new_item == nullptr) {
            return false;
        }
        const bool on_path = !path.empty() && key == path.front();
        if (on_path && path.size() == 1) {
            return new_item->kind == Node::Kind::text && new_item->text == value;
        }
        if (old_item == nullptr && !on_path) {
            return false;
        }
        const auto& old_node = old_item == nullptr ? nothing : *old_item;
        return old_node.kind == new_item->kind && old_node.text == new_item->text &&
               differs_only_there(old_node, *new_item,
                                  on_path ? path.subspan(1) : std::span<const std::string>(),
                                  value);
    });
}

}  // namespace

base::Result<std::string> with_value(const std::string& text, const std::filesystem::path& file,
                                     const std::vector<std::string>& path, std::string_view value) {
    GENEVACTL_TRY(const auto before, base::parse_toml(text, file));
    auto result = edited(text, before, path, base::toml_text(value));
    const auto after = base::parse_toml(result, file);
    if (after && differs_only_there(before, *after, path, value)) {
        return result;
    }
    return base::fail(base::ErrorKind::usage,
                      fmt::format("{}: {} cannot be written into this file line by line",
                                  file.string(), base::join(path, ".")),
                      fmt::format("edit the file by hand, or write its tables as [{}]",
                                  base::join(std::span(path).first(path.size() - 1), ".")));
}

}  // namespace genevactl::settings
