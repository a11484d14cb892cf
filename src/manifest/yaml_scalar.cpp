// SPDX-License-Identifier: Apache-2.0
// Scalars as PyYAML's resolver and SafeConstructor read them; their regular expressions, written
// out as scanners.
#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "scanner.hpp"
#include "yaml.hpp"
#include "yaml_number.hpp"

namespace genevactl::manifest {

namespace {

using std::string_view;
using ScalarResult = tl::expected<YamlScalar, std::string>;

constexpr string_view k_yaml_prefix = "tag:yaml.org,2002:";
/// `sys.int_info.default_max_str_digits`: Python writes no longer integers.
constexpr std::size_t k_longest_integer = 4300;

ScalarResult scalar(JsonValue::Kind kind, std::string text, bool is_date = false) {
    YamlScalar result;
    result.value.kind = kind;
    result.value.text = std::move(text);
    result.is_date = is_date;
    return result;
}

tl::unexpected<std::string> no_scalar(std::string why) {
    return tl::unexpected<std::string>(std::move(why));
}

/// The words of a boolean: lower case, capitalised, upper case.
bool is_word_of(string_view text, string_view word) {
    if (base::lower(text) != word) {
        return false;
    }
    const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    const auto rest = text.substr(1);
    const auto uppers = std::count_if(rest.begin(), rest.end(), is_upper);
    return uppers == 0 || (is_upper(text[0]) && uppers == static_cast<long>(rest.size()));
}

ScalarResult boolean(bool value) {
    return scalar(JsonValue::Kind::boolean, value ? "true" : "false");
}

std::optional<bool> boolean_of(string_view text, bool any_case) {
    for (const string_view word : {"yes", "true", "on", "no", "false", "off"}) {
        if (any_case ? base::lower(text) == word : is_word_of(text, word)) {
            return word == "yes" || word == "true" || word == "on";
        }
    }
    return std::nullopt;
}

ScalarResult integer_of(const YamlInteger& integer) {
    auto digits = decimal_digits(integer);
    if (digits.empty()) {
        return no_scalar("an integer without digits");
    }
    if (digits.size() > k_longest_integer) {
        return no_scalar(fmt::format("an integer of more than {} digits", k_longest_integer));
    }
    return scalar(JsonValue::Kind::integer,
                  (integer.negative && digits != "0" ? "-" : "") + digits);
}

ScalarResult real_of(double value) {
    if (!std::isfinite(value)) {
        return no_scalar("a number that JSON cannot hold (infinite, or none)");
    }
    return scalar(JsonValue::Kind::real, python_repr(value));
}

ScalarResult date_of(string_view text) {
    auto date = python_date(text);
    if (!date) {
        return no_scalar(
            "a date or time that does not exist (put it into quotes to keep its text)");
    }
    return scalar(JsonValue::Kind::string, std::move(*date), true);
}

ScalarResult plain_scalar(string_view text) {
    if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") {
        return scalar(JsonValue::Kind::null, "null");
    }
    if (const auto value = boolean_of(text, false)) {
        return boolean(*value);
    }
    if (is_yaml_float(text)) {
        return real_of(float_value(text));
    }
    if (const auto integer = yaml_integer(text)) {
        return integer_of(*integer);
    }
    if (is_yaml_timestamp(text)) {
        return date_of(text);
    }
    if (text == "=" || text == "<<") {
        return no_scalar(fmt::format("a plain '{}' has no value there (put it into quotes)", text));
    }
    if (text.find('\t') != string_view::npos) {
        return no_scalar("a tab in a text without quotes, which Python's YAML does not take");
    }
    return scalar(JsonValue::Kind::string, std::string(text));
}

/// `!!int "0x1f"`: the text has to be what it is called.
ScalarResult tagged_scalar(string_view kind, string_view text) {
    if (kind == "str") {
        return scalar(JsonValue::Kind::string, std::string(text));
    }
    if (kind == "null") {
        return scalar(JsonValue::Kind::null, "null");
    }
    if (kind == "bool") {
        if (const auto value = boolean_of(text, true)) {
            return boolean(*value);
        }
    } else if (kind == "int") {
        if (const auto integer = yaml_integer(text)) {
            return integer_of(*integer);
        }
    } else if (kind == "float") {
        if (is_yaml_float(text) || is_plain_decimal(text)) {
            return real_of(float_value(text));
        }
    } else if (kind == "timestamp") {
        if (is_yaml_timestamp(text)) {
            return date_of(text);
        }
    } else {
        return no_scalar(fmt::format("the tag !!{} has no value in JSON", kind));
    }
    return no_scalar(fmt::format("a text with the tag !!{} that is none", kind));
}

}  // namespace

ScalarResult yaml_scalar(string_view tag, string_view text) {
    // yaml-cpp says "!" of quoted texts and "?" of plain ones without a tag.
    if (tag == "!") {
        return scalar(JsonValue::Kind::string, std::string(text));
    }
    if (tag == "?" || tag.empty()) {
        return plain_scalar(text);
    }
    if (!base::starts_with(tag, k_yaml_prefix)) {
        return no_scalar(fmt::format("the tag {} is not one of YAML's own", json_string(tag)));
    }
    return tagged_scalar(tag.substr(k_yaml_prefix.size()), text);
}

}  // namespace genevactl::manifest
