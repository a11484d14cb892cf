// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "genevactl/base/error.hpp"

namespace genevactl::manifest {

/// A JSON value that keeps what a round trip through Python's `json` keeps: integers of any size,
/// floats as `repr` writes them, members in the order of their code points.
struct JsonValue {
    enum class Kind : std::uint8_t { null, boolean, integer, real, string, array, object };

    Kind kind = Kind::null;
    std::string text = {};  ///< a string's content; of other scalars the JSON that Python writes
    std::vector<JsonValue> items = {};
    std::map<std::string, JsonValue> members = {};
    std::size_t end = 0;  ///< the byte just after its first token, for the place in an error
};

/// "a string", "an object", … as errors name it.
std::string_view describe(JsonValue::Kind kind);

/// The line and column (in characters) of the byte `at`, both from 1: "3:14".
std::string place_in(std::string_view text, std::size_t at);

/// Reads one JSON document (RFC 8259). Errors (usage), each beginning "SOURCE:LINE:COLUMN: ": no
/// JSON, invalid UTF-8, lone surrogates in escapes, numbers that no float holds, a key given twice,
/// nesting deeper than 32.
base::Result<JsonValue> parse_json(std::string_view text, std::string_view source);

/// A string as Python's `json.dumps` writes it: ASCII, \uXXXX for the rest. Bytes that are no UTF-8
/// become U+FFFD.
std::string json_string(std::string_view text);
/// `json.dumps(value, sort_keys=True, separators=(",", ":"))`.
std::string canonical_json(const JsonValue& value);
/// `repr` of a finite Python float: the shortest digits, an exponent below 1e-4 and from 1e16 on.
std::string python_repr(double value);

}  // namespace genevactl::manifest
