// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "genevactl/base/error.hpp"
#include "genevactl/manifest/remark.hpp"
#include "json_tree.hpp"

namespace genevactl::manifest {

/// A node of a YAML document before its scalars mean anything. Aliases share the node.
struct YamlNode {
    enum class Kind : std::uint8_t { scalar, sequence, mapping };

    Kind kind = Kind::scalar;
    std::string tag = {};   ///< "?" where nothing is said, "!" for a quoted scalar, else the tag
    std::string text = {};  ///< a scalar's
    std::vector<std::shared_ptr<const YamlNode>> items = {};  ///< of a mapping: key, value, key, …
    int line = 1;                                             ///< from 1
    int column = 1;
};

/// Reads one YAML document (the only code that uses yaml-cpp); nothing when it is empty. Errors
/// (usage), each beginning "SOURCE:LINE:COLUMN: ": no YAML, several documents, nesting deeper than
/// 30, an anchor given twice or used inside itself, characters that PyYAML refuses or takes for
/// line ends.
base::Result<std::shared_ptr<const YamlNode>> parse_yaml(std::string_view text,
                                                         std::string_view source);

/// A scalar as PyYAML's SafeLoader makes it (YAML 1.1: yes and no, octal and base 60 numbers, dates
/// …). A date becomes the string that `str()` gives, as `json.dumps(default=str)` writes it.
struct YamlScalar {
    JsonValue value;
    bool is_date = false;
};
/// The scalar of a tag and text as in YamlNode, or why there is none in JSON.
tl::expected<YamlScalar, std::string> yaml_scalar(std::string_view tag, std::string_view text);

/// `yaml.safe_load` of PyYAML 6 followed by `json.dumps(default=str)`: merge keys, the last of
/// duplicate keys (with a remark), keys as `json` spells them. Errors (usage) as parse_yaml(), and
/// for what does not come back from JSON as it was: NaN and infinities, keys that are dates or
/// collections, keys that Python sorts otherwise as JSON's text, tags beyond YAML's own scalars;
/// and for documents that aliases blow up beyond 50,000 values.
base::Result<JsonValue> read_yaml(std::string_view text, std::string_view source,
                                  std::vector<Remark>& remarks);

}  // namespace genevactl::manifest
