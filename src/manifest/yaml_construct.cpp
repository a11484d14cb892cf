// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "yaml.hpp"

namespace genevactl::manifest {

namespace {

using base::Result;
using std::string_view;
using NodeReference = std::shared_ptr<const YamlNode>;
using Pairs = std::vector<std::pair<NodeReference, NodeReference>>;

/// More than any environment has; aliases of aliases would reach it in a few lines.
constexpr std::size_t k_most_values = 50'000;
constexpr std::size_t k_most_bytes = std::size_t{8} << 20U;

/// A key as JSON spells it, with what Python compares.
struct Key {
    std::string text;
    bool is_string = false;
    bool is_number = false;
    double number = 0;
};

class Constructor {
public:
    Constructor(string_view source, std::vector<Remark>& remarks)
        : m_source(source), m_remarks(remarks) {}

    Result<JsonValue> value_of(const YamlNode& node) {
        GENEVACTL_CHECK(spend(node));
        if (node.kind == YamlNode::Kind::scalar) {
            GENEVACTL_TRY(auto scalar, scalar_of(node));
            return std::move(scalar.value);
        }
        const bool sequence = node.kind == YamlNode::Kind::sequence;
        if (node.tag != "?" && node.tag != "!" && !node.tag.empty() &&
            node.tag != (sequence ? "tag:yaml.org,2002:seq" : "tag:yaml.org,2002:map")) {
            return wrong(node,
                         fmt::format("the tag {} has no value in JSON", json_string(node.tag)));
        }
        return sequence ? list_of(node) : object_of(node);
    }

private:
    tl::unexpected<base::Error> wrong(const YamlNode& node, const std::string& what) const {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("{}:{}:{}: {}", m_source, node.line, node.column, what));
    }

    base::Status spend(const YamlNode& node) {
        m_bytes += node.text.size();
        if (++m_values > k_most_values || m_bytes > k_most_bytes) {
            return wrong(node, fmt::format("more than {} values or {} MiB of text, aliases filled "
                                           "in: this is no environment",
                                           base::group_digits(k_most_values), k_most_bytes >> 20U));
        }
        return {};
    }

    Result<YamlScalar> scalar_of(const YamlNode& node) const {
        auto scalar = yaml_scalar(node.tag, node.text);
        if (!scalar) {
            return wrong(node, scalar.error());
        }
        return std::move(*scalar);
    }

    Result<JsonValue> list_of(const YamlNode& node) {
        JsonValue list;
        list.kind = JsonValue::Kind::array;
        for (const auto& item : node.items) {
            GENEVACTL_TRY(auto value, value_of(*item));
            list.items.push_back(std::move(value));
        }
        return list;
    }

    static bool is_merge(const YamlNode& key) {
        return key.kind == YamlNode::Kind::scalar &&
               ((key.tag == "?" && key.text == "<<") || key.tag == "tag:yaml.org,2002:merge");
    }

    /// The pairs of a mapping, those of its merge keys first.
    Result<Pairs> flattened(const YamlNode& node) {
        Pairs merged;
        Pairs own;
        for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) {
            const auto& key = node.items[i];
            GENEVACTL_CHECK(spend(*key));
            if (!is_merge(*key)) {
                own.emplace_back(key, node.items[i + 1]);
                continue;
            }
            GENEVACTL_TRY(auto pairs, merged_from(*node.items[i + 1]));
            merged.insert(merged.end(), pairs.begin(), pairs.end());
        }
        merged.insert(merged.end(), own.begin(), own.end());
        return merged;
    }

    Result<Pairs> merged_from(const YamlNode& node) {
        if (node.kind == YamlNode::Kind::mapping) {
            return flattened(node);
        }
        Pairs result;
        if (node.kind == YamlNode::Kind::scalar) {
            return wrong(node, "'<<' takes a mapping or a list of mappings");
        }
        // The first of the list wins, so it comes last.
        for (auto item = node.items.rbegin(); item != node.items.rend(); ++item) {
            if ((*item)->kind != YamlNode::Kind::mapping) {
                return wrong(**item, "'<<' takes a mapping or a list of mappings");
            }
            GENEVACTL_TRY(auto pairs, flattened(**item));
            result.insert(result.end(), pairs.begin(), pairs.end());
        }
        return result;
    }

    Result<Key> key_of(const YamlNode& node) const {
        if (node.kind != YamlNode::Kind::scalar) {
            return wrong(node, "a list or mapping cannot be a key");
        }
        if (node.tag == "?" && node.text == "=") {
            return Key{"=", true};
        }
        GENEVACTL_TRY(auto scalar, scalar_of(node));
        if (scalar.is_date) {
            return wrong(node, "a date cannot be a key (put it into quotes)");
        }
        Key key{scalar.value.text, scalar.value.kind == JsonValue::Kind::string};
        key.is_number = !key.is_string && scalar.value.kind != JsonValue::Kind::null;
        if (scalar.value.kind == JsonValue::Kind::boolean) {
            key.number = key.text == "true" ? 1 : 0;
        } else if (key.is_number) {
            const auto* const begin = key.text.data();
            std::from_chars(begin, begin + key.text.size(), key.number);
        }
        return key;
    }

    /// Numbers as keys: those that Python takes for equal are one key, and all must be in JSON's
    /// order. `keys` are in JSON's order.
    base::Status check_keys(const YamlNode& node, const std::vector<Key>& keys) const {
        for (std::size_t i = 1; i < keys.size(); ++i) {
            const auto& before = keys[i - 1];
            const auto& key = keys[i];
            if (before.is_string && key.is_string) {
                continue;
            }
            if (!before.is_number || !key.is_number || before.number >= key.number) {
                return wrong(node, fmt::format("the keys {} and {} are not both text, and their "
                                               "order as JSON differs from Python's (put them into "
                                               "quotes)",
                                               json_string(before.text), json_string(key.text)));
            }
        }
        return {};
    }

    /// Is the key of this text that was there before as much a string as this one?
    static bool same_kind(const std::vector<Key>& keys, const Key& key) {
        return std::any_of(keys.begin(), keys.end(), [&key](const Key& each) {
            return each.text == key.text && each.is_string == key.is_string;
        });
    }

    Result<JsonValue> object_of(const YamlNode& node) {
        GENEVACTL_TRY(const auto pairs, flattened(node));
        JsonValue object;
        object.kind = JsonValue::Kind::object;
        std::vector<Key> keys;
        for (const auto& [key_node, value_node] : pairs) {
            GENEVACTL_TRY(auto key, key_of(*key_node));
            GENEVACTL_TRY(auto value, value_of(*value_node));
            const bool is_new = object.members.insert_or_assign(key.text, std::move(value)).second;
            if (is_new) {
                keys.push_back(std::move(key));
            } else if (!same_kind(keys, key)) {
                return wrong(*key_node, fmt::format("the key {} is text and a number, and one in "
                                                    "JSON",
                                                    json_string(key.text)));
            }
        }
        remark_on_duplicates(node);
        std::sort(keys.begin(), keys.end(),
                  [](const Key& a, const Key& b) { return a.text < b.text; });
        GENEVACTL_CHECK(check_keys(node, keys));
        return object;
    }

    /// Only those that stand in the mapping itself: overriding what '<<' brings is its use.
    void remark_on_duplicates(const YamlNode& node) {
        std::set<string_view> seen;
        for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) {
            const auto& key = *node.items[i];
            if (is_merge(key)) {
                continue;
            }
            if (!seen.insert(key.text).second) {
                m_remarks.push_back(
                    {fmt::format("{}:{}:{}: the key {} is given twice: the last counts", m_source,
                                 key.line, key.column, json_string(key.text))});
            }
        }
    }

    string_view m_source;
    std::vector<Remark>& m_remarks;
    std::size_t m_values = 0;
    std::size_t m_bytes = 0;
};

}  // namespace

Result<JsonValue> read_yaml(string_view text, string_view source, std::vector<Remark>& remarks) {
    GENEVACTL_TRY(const auto root, parse_yaml(text, source));
    if (!root) {
        JsonValue null;
        null.text = "null";
        return null;
    }
    return Constructor(source, remarks).value_of(*root);
}

}  // namespace genevactl::manifest
