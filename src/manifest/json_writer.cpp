// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "json_tree.hpp"

namespace genevactl::manifest {

namespace {

/// Between these decimal exponents Python writes a float without an exponent.
constexpr int k_smallest_plain_exponent = -4;
constexpr int k_first_exponent = 16;

void append(std::string& out, const JsonValue& value);

void append_array(std::string& out, const JsonValue& value) {
    out += '[';
    bool first = true;
    for (const auto& item : value.items) {
        out += first ? "" : ",";
        first = false;
        append(out, item);
    }
    out += ']';
}

void append_object(std::string& out, const JsonValue& value) {
    out += '{';
    bool first = true;
    for (const auto& [key, member] : value.members) {
        out += first ? "" : ",";
        first = false;
        out += json_string(key) + ":";
        append(out, member);
    }
    out += '}';
}

void append(std::string& out, const JsonValue& value) {
    switch (value.kind) {
        case JsonValue::Kind::string:
            out += json_string(value.text);
            return;
        case JsonValue::Kind::array:
            append_array(out, value);
            return;
        case JsonValue::Kind::object:
            append_object(out, value);
            return;
        default:
            out += value.text;
            return;
    }
}

}  // namespace

std::string json_string(std::string_view text) {
    return nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

std::string canonical_json(const JsonValue& value) {
    std::string out;
    append(out, value);
    return out;
}

std::string python_repr(double value) {
    std::array<char, 32> buffer{};
    const auto* const end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                          std::chars_format::scientific)
                                .ptr;
    std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
    const std::string sign = std::signbit(value) ? "-" : "";
    text.remove_prefix(sign.size());
    const auto e = text.find('e');
    std::string digits(text.substr(0, 1));
    if (e > 2) {
        digits += text.substr(2, e - 2);
    }
    int exponent = 0;
    const auto power = text.substr(text[e + 1] == '+' ? e + 2 : e + 1);
    std::from_chars(power.data(), power.data() + power.size(), exponent);

    if (exponent < k_smallest_plain_exponent || exponent >= k_first_exponent) {
        const auto fraction = digits.size() > 1 ? "." + digits.substr(1) : "";
        return fmt::format("{}{}{}e{}{:02d}", sign, digits[0], fraction, exponent < 0 ? '-' : '+',
                           std::abs(exponent));
    }
    if (exponent < 0) {
        return sign + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
    }
    const auto whole = static_cast<std::size_t>(exponent) + 1;
    if (digits.size() <= whole) {
        return sign + digits + std::string(whole - digits.size(), '0') + ".0";
    }
    return sign + digits.substr(0, whole) + "." + digits.substr(whole);
}

}  // namespace genevactl::manifest
