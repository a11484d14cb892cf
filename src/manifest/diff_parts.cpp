// SPDX-License-Identifier: Apache-2.0
#include "diff_parts.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "conda_parts.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/manifest/lint.hpp"
#include "genevactl/manifest/requirement.hpp"
#include "python_text.hpp"
#include "version.hpp"

namespace genevactl::manifest {

namespace {

using Direction = RequirementChange::Direction;

/// A requirement's name; of what is none (a URL, an option) the text.
std::string key_of(const std::string& line) {
    const auto parsed = parse_requirement(strip(line));
    return parsed ? canonical_name(parsed->name) : shown_text(line);
}

std::optional<Version> pinned_version(const std::string& line) {
    const auto parsed = parse_requirement(strip(line));
    if (!parsed || !is_pinned(line) || parsed->specifiers.size() != 1) {
        return std::nullopt;
    }
    return parse_version(parsed->specifiers.front().version);
}

Direction direction_of(const std::string& before, const std::string& after) {
    const auto from = pinned_version(before);
    const auto to = pinned_version(after);
    if (!from || !to) {
        return Direction::none;
    }
    const int order = compare(*from, *to);
    return order < 0 ? Direction::up : order > 0 ? Direction::down : Direction::none;
}

/// Takes the first text of the name out of the list.
std::optional<std::string> take(const std::string& name, Texts& texts) {
    const auto found = std::find_if(texts.begin(), texts.end(), [&name](const std::string& each) {
        return key_of(each) == name;
    });
    if (found == texts.end()) {
        return std::nullopt;
    }
    auto text = std::move(*found);
    texts.erase(found);
    return text;
}

Texts pip_lines_of(const JsonValue& conda) {
    Texts lines;
    for (const auto& list : pip_lists(conda)) {
        lines.insert(lines.end(), list.lines.begin(), list.lines.end());
    }
    return lines;
}

std::string plain_text(const JsonValue& value) {
    return value.kind == JsonValue::Kind::string ? value.text : canonical_json(value);
}

/// The entries of a list without `pip:` lists, whose lines are compared as requirements.
Texts entries_of(const JsonValue& list) {
    Texts texts;
    for (const auto& item : list.items) {
        if (item.members.size() != 1 || !item.members.contains("pip")) {
            texts.push_back(plain_text(item));
        }
    }
    return texts;
}

const JsonValue* member_of(const JsonValue& object, const std::string& name) {
    const auto found = object.members.find(name);
    return found == object.members.end() ? nullptr : &found->second;
}

void diff_member(const std::string& field, const std::string& name, const JsonValue* before,
                 const JsonValue* after, Difference& difference);

void diff_objects(const std::string& field, const JsonValue& before, const JsonValue& after,
                  Difference& difference) {
    Texts names;
    for (const auto* const object : {&before, &after}) {
        for (const auto& [name, value] : object->members) {
            names.push_back(name);
        }
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    for (const auto& name : names) {
        diff_member(field + "." + name, name, member_of(before, name), member_of(after, name),
                    difference);
    }
}

void diff_member(const std::string& field, const std::string& name, const JsonValue* before,
                 const JsonValue* after, Difference& difference) {
    static const JsonValue k_nothing;
    const auto kind = before != nullptr ? before->kind : after->kind;
    const bool same_kind = before == nullptr || after == nullptr || before->kind == after->kind;
    if (same_kind && kind == JsonValue::Kind::object) {
        diff_objects(field, before != nullptr ? *before : k_nothing,
                     after != nullptr ? *after : k_nothing, difference);
        return;
    }
    if (same_kind && kind == JsonValue::Kind::array) {
        diff_list(field, entries_of(before != nullptr ? *before : k_nothing),
                  entries_of(after != nullptr ? *after : k_nothing), difference);
        return;
    }
    FieldChange change{field};
    for (const auto& [value, text] :
         {std::pair{before, &change.before}, std::pair{after, &change.after}}) {
        if (value != nullptr) {
            const auto plain = plain_text(*value);
            *text = shown_value(name, plain);
            change.hidden = change.hidden || **text != plain;
        }
    }
    if (before == nullptr || after == nullptr ||
        canonical_json(*before) != canonical_json(*after)) {
        difference.fields.push_back(std::move(change));
    }
}

}  // namespace

void diff_requirements(const std::string& list, const Texts& before, const Texts& after,
                       Difference& difference) {
    auto left = leftovers_of(before, after);
    if (left.before.empty() && left.after.empty()) {
        diff_list(list, before, after, difference);  // at most another order
        return;
    }
    for (const auto& text : left.before) {
        RequirementChange change{
            .list = list, .kind = RequirementChange::Kind::removed, .name = key_of(text)};
        change.before = shown_text(text);
        if (const auto now = take(change.name, left.after)) {
            change.kind = RequirementChange::Kind::changed;
            change.after = shown_text(*now);
            change.direction = direction_of(text, *now);
        }
        difference.requirements.push_back(std::move(change));
    }
    for (const auto& text : left.after) {
        RequirementChange change{
            .list = list, .kind = RequirementChange::Kind::added, .name = key_of(text)};
        change.after = shown_text(text);
        difference.requirements.push_back(std::move(change));
    }
}

void diff_conda(const std::string& before, const std::string& after, Difference& difference) {
    const auto from = parse_json(before, "conda");
    const auto to = parse_json(after, "conda");
    if (before == after || !from || !to) {
        return;
    }
    const auto count = difference.fields.size() + difference.requirements.size();
    diff_requirements("conda.pip", pip_lines_of(*from), pip_lines_of(*to), difference);
    diff_objects("conda", *from, *to, difference);
    if (count == difference.fields.size() + difference.requirements.size()) {
        difference.fields.push_back({"conda (order)", shown_text(before), shown_text(after)});
    }
}

}  // namespace genevactl::manifest
