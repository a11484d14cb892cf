// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/base/surroundings.hpp"
#include "genevactl/base/toml.hpp"
#include "genevactl/project/file.hpp"
#include "keys.hpp"

namespace genevactl::project {

/// The rules of one kind of table.
struct Rules {
    std::string_view table;  ///< "manifests"
    const std::vector<Key>& keys;
    const std::vector<std::string>& kinds;
    const std::vector<Pair>& refusals;
};
Rules manifest_rules();
Rules column_rules();
Rules view_rules();

/// One entry of a project file whose keys and types were checked; what it is asked for, it has.
class Entry {
public:
    /// Errors (usage), with file, line and column: an unknown key, a value of another type, none or
    /// several of the kinds, keys that do not go together.
    static base::Result<Entry> checked(const base::Surroundings& surroundings,
                                       const std::filesystem::path& file,
                                       const base::TomlNode& node, const Rules& rules);

    const std::string& name() const { return m_node->key; }
    /// The one of the kinds that is there.
    const std::string& kind() const { return m_kind; }
    /// `[columns."docs.embedding"]`.
    std::string title() const;
    Origin origin() const { return {m_file, m_node->key_place.line}; }

    bool has(std::string_view key) const { return m_node->child(key) != nullptr; }
    std::optional<std::string> text(std::string_view key) const;
    /// Of a list, or of one text.
    std::vector<std::string> texts(std::string_view key) const;
    std::map<std::string, std::string> map(std::string_view key) const;
    bool flag(std::string_view key) const;
    Due due(std::string_view key) const;
    /// Absolute: from the folder of the file, "~/" from HOME.
    std::vector<std::filesystem::path> paths(std::string_view key) const;

    /// An error of this entry's name, or of one of its values.
    tl::unexpected<base::Error> bad_name(std::string message, std::string hint) const;
    tl::unexpected<base::Error> bad_value(std::string_view key, std::string message,
                                          std::string hint) const;

private:
    Entry(const base::Surroundings& surroundings, const std::filesystem::path& file,
          const base::TomlNode& node, std::string_view table)
        : m_surroundings(&surroundings), m_file(file), m_node(&node), m_table(table) {}

    base::Status check_keys(const std::vector<Key>& keys) const;
    base::Status check_value(const Key& key, const base::TomlNode& value) const;
    base::Status check_items(const Key& key, const base::TomlNode& value) const;
    base::Status check_kind(const std::vector<std::string>& kinds);
    base::Status check_refusals(const std::vector<Pair>& refusals) const;
    base::Error error_at(base::TomlPlace place, std::string message, std::string hint) const;

    const base::Surroundings* m_surroundings;
    std::filesystem::path m_file;
    const base::TomlNode* m_node;
    std::string_view m_table;
    std::string m_kind;
};

base::Result<ManifestEntry> read_manifest(const Entry& entry);
base::Result<ColumnEntry> read_column(const Entry& entry);
base::Result<ViewEntry> read_view(const Entry& entry);

}  // namespace genevactl::project
