// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace genevactl::project {

/// What a key of a project file holds.
enum class Type : std::uint8_t {
    text,       ///< not empty
    texts,      ///< a list of texts that are not empty
    paths,      ///< one text or a list of them, at least one
    text_map,   ///< a table of texts, which may be empty
    transform,  ///< MODULE:OBJECT
    due,        ///< never, new or always
    yes,        ///< true; false is an error
    boolean,
};

/// One key: the reader checks by these rows, and the JSON Schema is made of them.
struct Key {
    std::string_view name;
    Type type = Type::text;
    std::string_view meaning;
};

/// The keys of [manifests.NAME], [columns."TABLE.COLUMN"] and [views.NAME].
const std::vector<Key>& manifest_keys();
const std::vector<Key>& column_keys();
const std::vector<Key>& view_keys();

/// Of the keys of each, exactly one is there: it says what kind of entry it is.
const std::vector<std::string>& manifest_kinds();
const std::vector<std::string>& column_kinds();
const std::vector<std::string>& view_kinds();

/// A pair of keys of one table.
struct Pair {
    std::string_view key;
    std::string_view other;
    std::string_view instead = {};  ///< what to do, for the error
};
/// Keys that may not stand beside a kind (`key` beside `other`), apart from other kinds.
const std::vector<Pair>& manifest_refusals();
const std::vector<Pair>& column_refusals();
const std::vector<Pair>& view_refusals();

}  // namespace genevactl::project
