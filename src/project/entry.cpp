// SPDX-License-Identifier: Apache-2.0
#include "entry.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/settings/project_file.hpp"

namespace genevactl::project {

namespace {

namespace fs = std::filesystem;
using base::ErrorKind;
using base::TomlNode;
using Kind = TomlNode::Kind;

/// What a type is called, and how it is written.
struct TypeText {
    std::string_view name;
    std::string_view example;
};

TypeText text_of(Type type) {
    switch (type) {
        case Type::text:
            return {"text", "write it in quotes"};
        case Type::texts:
            return {"a list of texts", "write it as [\"…\", \"…\"]"};
        case Type::paths:
            return {"a path or a list of paths", "write it as \"…\" or [\"…\", \"…\"]"};
        case Type::text_map:
            return {"a table of texts", "write it as { NAME = \"value\" }"};
        case Type::transform:
            return {"a transform", "write it as \"MODULE:OBJECT\", such as \"features:embed\""};
        case Type::due:
            return {"never, new or always", "write \"never\", \"new\" or \"always\""};
        case Type::yes:
        case Type::boolean:
            break;
    }
    return {"true or false", "write true or false, without quotes"};
}

bool fits(Type type, Kind kind) {
    switch (type) {
        case Type::texts:
            return kind == Kind::list;
        case Type::paths:
            return kind == Kind::list || kind == Kind::text;
        case Type::text_map:
            return kind == Kind::table;
        case Type::yes:
        case Type::boolean:
            return kind == Kind::boolean;
        case Type::text:
        case Type::transform:
        case Type::due:
            break;
    }
    return kind == Kind::text;
}

std::vector<std::string> names_of(const std::vector<Key>& keys) {
    std::vector<std::string> names;
    for (const auto& key : keys) {
        names.emplace_back(key.name);
    }
    return names;
}

/// "a, b or c".
std::string one_of(std::vector<std::string> names) {
    if (names.size() < 2) {
        return base::join(names, "");
    }
    const auto last = std::move(names.back());
    names.pop_back();
    return base::join(names, ", ") + " or " + last;
}

/// Kinds that may stand together: requirements are installed beside what was captured.
bool go_together(std::vector<std::string> kinds) {
    std::ranges::sort(kinds);
    return kinds == std::vector<std::string>{"capture", "pip"};
}

}  // namespace

Rules manifest_rules() {
    return {"manifests", manifest_keys(), manifest_kinds(), manifest_refusals()};
}

Rules column_rules() {
    return {"columns", column_keys(), column_kinds(), column_refusals()};
}

Rules view_rules() {
    return {"views", view_keys(), view_kinds(), view_refusals()};
}

base::Result<Entry> Entry::checked(const base::Surroundings& surroundings, const fs::path& file,
                                   const TomlNode& node, const Rules& rules) {
    Entry entry(surroundings, file, node, rules.table);
    if (node.kind != Kind::table) {
        return entry.bad_name(fmt::format("{}.{} must be a table, not {}", rules.table,
                                          base::toml_key(node.key), name_of(node.kind)),
                              fmt::format("write {} above its keys", entry.title()));
    }
    GENEVACTL_CHECK(entry.check_keys(rules.keys));
    GENEVACTL_CHECK(entry.check_kind(rules.kinds));
    GENEVACTL_CHECK(entry.check_refusals(rules.refusals));
    return entry;
}

std::string Entry::title() const {
    return fmt::format("[{}.{}]", m_table, base::toml_key(base::printable(m_node->key)));
}

base::Error Entry::error_at(base::TomlPlace place, std::string message, std::string hint) const {
    return {.kind = ErrorKind::usage,
            .message = fmt::format("{}: {}", base::where(m_file, place), message),
            .hint = std::move(hint)};
}

tl::unexpected<base::Error> Entry::bad_name(std::string message, std::string hint) const {
    return base::fail(error_at(m_node->key_place, std::move(message), std::move(hint)));
}

tl::unexpected<base::Error> Entry::bad_value(std::string_view key, std::string message,
                                             std::string hint) const {
    return base::fail(error_at(m_node->child(key)->begin,
                               fmt::format("{} {}", title(), std::move(message)), std::move(hint)));
}

base::Status Entry::check_keys(const std::vector<Key>& keys) const {
    for (const auto& item : m_node->children) {
        const auto key = std::ranges::find(keys, item.key, &Key::name);
        if (key == keys.end()) {
            return base::fail(settings::unknown_key(base::where(m_file, item.key_place), item.key,
                                                    title(), names_of(keys)));
        }
        GENEVACTL_CHECK(check_value(*key, item));
    }
    return {};
}

base::Status Entry::check_value(const Key& key, const TomlNode& value) const {
    const auto wrong = [&](std::string message, std::string_view hint) {
        return base::fail(error_at(
            value.begin, fmt::format("{} {}: {}", title(), key.name, message), std::string(hint)));
    };
    const auto type = text_of(key.type);
    if (!fits(key.type, value.kind)) {
        return wrong(fmt::format("must be {}, not {}", type.name, name_of(value.kind)),
                     type.example);
    }
    if (value.kind == Kind::list || value.kind == Kind::table) {
        return check_items(key, value);
    }
    if (value.kind == Kind::text && base::trim(value.text).empty()) {
        return wrong("is empty", "give it a value, or leave the key out");
    }
    if (key.type == Type::yes && value.text == "false") {
        return wrong("can only be true", "leave the key out");
    }
    if (key.type == Type::transform && !model::names_an_object(value.text)) {
        return wrong(fmt::format("'{}' is not MODULE:OBJECT", base::printable(value.text)),
                     type.example);
    }
    if (key.type == Type::due && value.text != "never" && value.text != "new" &&
        value.text != "always") {
        const std::vector<std::string> known = {"never", "new", "always"};
        auto near = base::did_you_mean(value.text, known);
        return wrong(fmt::format("there is no '{}'", base::printable(value.text)),
                     near.empty() ? std::string(type.example) : near);
    }
    return {};
}

base::Status Entry::check_items(const Key& key, const TomlNode& value) const {
    const auto type = text_of(key.type);
    for (const auto& item : value.children) {
        const bool is_empty = item.kind == Kind::text && base::trim(item.text).empty();
        if (item.kind != Kind::text || (is_empty && value.kind == Kind::list)) {
            return base::fail(error_at(
                item.begin,
                fmt::format("{} {}: must be {}, not of {}", title(),
                            item.key.empty() ? std::string(key.name)
                                             : fmt::format("{}.{}", key.name, item.key),
                            item.key.empty() ? type.name : "text",
                            is_empty ? "an empty one" : name_of(item.kind)),
                item.key.empty() ? std::string(type.example) : "write the value in quotes"));
        }
    }
    if (key.type == Type::paths && value.children.empty()) {
        return base::fail(error_at(value.begin, fmt::format("{} {}: is empty", title(), key.name),
                                   "name a file, or leave the key out"));
    }
    return {};
}

base::Status Entry::check_kind(const std::vector<std::string>& kinds) {
    std::vector<std::string> there;
    for (const auto& kind : kinds) {
        if (has(kind)) {
            there.push_back(kind);
        }
    }
    const auto hint = fmt::format("exactly one of {} says what it is", one_of(kinds));
    if (there.empty()) {
        return bad_name(fmt::format("{} has none of {}", title(), base::join(kinds, ", ")), hint);
    }
    if (there.size() > 1 && !go_together(there)) {
        return bad_name(fmt::format("{} has {} together", title(), base::join(there, " and ")),
                        hint);
    }
    m_kind = has("capture") ? "capture" : there.front();
    return {};
}

base::Status Entry::check_refusals(const std::vector<Pair>& refusals) const {
    for (const auto& pair : refusals) {
        const bool stands = has(pair.key) && has(pair.other);
        if (stands && !(pair.other == "pip" && m_kind == "capture")) {
            const auto* value = m_node->child(pair.key);
            return base::fail(
                error_at(value->key_place,
                         fmt::format("{} {} does not go with {}", title(), pair.key, pair.other),
                         std::string(pair.instead)));
        }
    }
    return {};
}

std::optional<std::string> Entry::text(std::string_view key) const {
    const auto* value = m_node->child(key);
    return value == nullptr ? std::nullopt : std::optional(value->text);
}

std::vector<std::string> Entry::texts(std::string_view key) const {
    std::vector<std::string> texts;
    if (const auto* value = m_node->child(key); value != nullptr && value->kind == Kind::text) {
        texts.push_back(value->text);
    } else if (value != nullptr) {
        for (const auto& item : value->children) {
            texts.push_back(item.text);
        }
    }
    return texts;
}

std::map<std::string, std::string> Entry::map(std::string_view key) const {
    std::map<std::string, std::string> map;
    if (const auto* value = m_node->child(key)) {
        for (const auto& item : value->children) {
            map[item.key] = item.text;
        }
    }
    return map;
}

bool Entry::flag(std::string_view key) const {
    return text(key) == "true";
}

Due Entry::due(std::string_view key) const {
    const auto given = text(key);
    if (given == "never") {
        return Due::never;
    }
    return given == "always" ? Due::always : Due::fresh;
}

std::vector<fs::path> Entry::paths(std::string_view key) const {
    std::vector<fs::path> paths;
    for (const auto& text : texts(key)) {
        const auto home = m_surroundings->variable("HOME");
        const auto path = home && base::starts_with(text, "~/") ? fs::path(*home) / text.substr(2)
                                                                : m_file.parent_path() / text;
        paths.push_back(path.lexically_normal());
    }
    return paths;
}

}  // namespace genevactl::project
