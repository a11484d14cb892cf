// SPDX-License-Identifier: Apache-2.0
#include "yaml_number.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <vector>

#include "genevactl/base/text.hpp"
#include "scanner.hpp"

namespace genevactl::manifest {

namespace {

using std::string_view;

std::string without_underscores(string_view text) {
    std::string result(text);
    result.erase(std::remove(result.begin(), result.end(), '_'), result.end());
    return result;
}

template <typename Predicate>
std::size_t skip_while(Scanner& scanner, Predicate predicate) {
    const auto begin = scanner.at();
    while (!scanner.ends() && predicate(scanner.peek())) {
        scanner.skip(1);
    }
    return scanner.at() - begin;
}

bool is_digit_or_underscore(char c) {
    return is_digit(c) || c == '_';
}

bool take_sign(Scanner& scanner) {
    return scanner.take("-") || scanner.take("+");
}

/// `(?::[0-5]?[0-9])+`
bool take_sixties(Scanner& scanner) {
    bool any = false;
    while (scanner.peek() == ':') {
        scanner.skip(1);
        const auto digits = scanner.rest().substr(0, 2);
        const bool two = digits.size() == 2 && is_digit(digits[0]) && is_digit(digits[1]);
        if (digits.empty() || !is_digit(digits[0]) || (two && digits[0] > '5')) {
            return false;
        }
        scanner.skip(two ? 2 : 1);
        any = true;
    }
    return any;
}

/// `(?:[eE][-+][0-9]+)?` up to the end; the sign may be left out where `free`.
bool exponent_ends(Scanner& scanner, bool free = false) {
    if (scanner.take("e") || scanner.take("E")) {
        if (!take_sign(scanner) && !free) {
            return false;
        }
        if (skip_while(scanner, is_digit) == 0) {
            return false;
        }
    }
    return scanner.ends();
}

constexpr std::uint32_t k_limb = 1'000'000'000;

/// number = number * factor + summand, little-endian in base 10^9.
void multiply_add(std::vector<std::uint32_t>& number, std::uint32_t factor, std::uint64_t summand) {
    auto carry = summand;
    for (auto& limb : number) {
        const auto product = std::uint64_t{limb} * factor + carry;
        limb = static_cast<std::uint32_t>(product % k_limb);
        carry = product / k_limb;
    }
    for (; carry > 0; carry /= k_limb) {
        number.push_back(static_cast<std::uint32_t>(carry % k_limb));
    }
}

std::string decimal_of(const std::vector<std::uint32_t>& number) {
    std::string result;
    for (auto limb = number.rbegin(); limb != number.rend(); ++limb) {
        auto digits = std::to_string(*limb);
        result += std::string(limb == number.rbegin() ? 0 : 9 - digits.size(), '0') + digits;
    }
    return result.empty() ? "0" : result;
}

std::uint32_t digit_value(char c) {
    if (is_digit(c)) {
        return static_cast<std::uint32_t>(c - '0');
    }
    return static_cast<std::uint32_t>((c | 0x20) - 'a') + 10;
}

std::string without_leading_zeros(string_view digits) {
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size() - 1));
    return std::string(digits);
}

/// Longer texts are no numbers that anybody meant, and the conversion takes quadratic time.
constexpr std::size_t k_longest_number = 20'000;

/// A decimal number without sign or underscores.
double plain_double(string_view digits) {
    double value = 0;
    const auto* const end = digits.data() + digits.size();
    const auto result = std::from_chars(digits.data(), end, value);
    if (result.ec == std::errc::result_out_of_range) {
        // Too large or too small: by the place of the first digit that counts.
        const auto e = std::min(digits.find('e'), digits.size());
        const auto mantissa = digits.substr(0, e);
        const auto point = std::min(mantissa.find('.'), mantissa.size());
        const auto first = mantissa.find_first_of("123456789");
        long long exponent = 0;
        const auto power =
            digits.substr(std::min(e + (digits.substr(e, 2) == "e+" ? 2 : 1), digits.size()));
        if (std::from_chars(power.data(), power.data() + power.size(), exponent).ec !=
            std::errc{}) {
            exponent = base::starts_with(power, "-") ? std::numeric_limits<int>::min()
                                                     : std::numeric_limits<int>::max();
        }
        const auto place = static_cast<long long>(point) - static_cast<long long>(first);
        return place + exponent > 0 ? std::numeric_limits<double>::infinity() : 0.0;
    }
    return value;
}

/// All of the text as digits of a base, if each fits.
template <typename Predicate>
std::optional<YamlInteger> in_base(int base, string_view digits, Predicate predicate) {
    if (digits.empty() || !std::all_of(digits.begin(), digits.end(), predicate)) {
        return std::nullopt;
    }
    return YamlInteger{false, base, without_underscores(digits)};
}

std::optional<YamlInteger> without_sign(string_view text) {
    if (base::starts_with(text, "0b")) {
        return in_base(2, text.substr(2), [](char c) { return c == '0' || c == '1' || c == '_'; });
    }
    if (base::starts_with(text, "0x")) {
        return in_base(16, text.substr(2), [](char c) {
            return is_digit_or_underscore(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        });
    }
    if (base::starts_with(text, "0")) {
        return in_base(8, text, [](char c) { return (c >= '0' && c <= '7') || c == '_'; });
    }
    Scanner scanner(text);
    if (!is_digit(scanner.peek())) {
        return std::nullopt;
    }
    skip_while(scanner, is_digit_or_underscore);
    const bool sixties = !scanner.ends();
    if (sixties && (!take_sixties(scanner) || !scanner.ends())) {
        return std::nullopt;
    }
    return YamlInteger{false, sixties ? 60 : 10, without_underscores(text)};
}

}  // namespace

std::optional<YamlInteger> yaml_integer(string_view text) {
    if (text.size() > k_longest_number) {
        return std::nullopt;
    }
    Scanner scanner(text);
    const bool negative = scanner.peek() == '-';
    take_sign(scanner);
    auto result = without_sign(scanner.rest());
    if (result) {
        result->negative = negative;
    }
    return result;
}

std::string decimal_digits(const YamlInteger& integer) {
    if (integer.digits.empty()) {
        return {};
    }
    if (integer.base == 10) {
        return without_leading_zeros(integer.digits);
    }
    std::vector<std::uint32_t> number;
    if (integer.base == 60) {
        const auto parts = base::split(integer.digits, ':');
        for (const char c : parts.front()) {
            multiply_add(number, 10, digit_value(c));
        }
        for (std::size_t i = 1; i < parts.size(); ++i) {
            multiply_add(number, 60, std::stoul(parts[i]));
        }
    } else {
        for (const char c : integer.digits) {
            multiply_add(number, static_cast<std::uint32_t>(integer.base), digit_value(c));
        }
    }
    return decimal_of(number);
}

bool is_yaml_float(string_view text) {
    if (text == ".nan" || text == ".NaN" || text == ".NAN") {
        return true;
    }
    Scanner scanner(text);
    const bool is_signed = take_sign(scanner);
    const auto rest = scanner.rest();
    if (rest == ".inf" || rest == ".Inf" || rest == ".INF") {
        return true;
    }
    if (scanner.peek() == '.') {
        scanner.skip(1);
        if (is_signed || !is_digit(scanner.peek())) {
            return false;
        }
        skip_while(scanner, is_digit_or_underscore);
        return exponent_ends(scanner);
    }
    if (!is_digit(scanner.peek())) {
        return false;
    }
    skip_while(scanner, is_digit_or_underscore);
    const bool sixties = scanner.peek() == ':';
    if (sixties && !take_sixties(scanner)) {
        return false;
    }
    if (!scanner.take(".")) {
        return false;
    }
    skip_while(scanner, is_digit_or_underscore);
    return sixties ? scanner.ends() : exponent_ends(scanner);
}

bool is_plain_decimal(string_view text) {
    Scanner scanner(text);
    take_sign(scanner);
    return is_digit(scanner.peek()) && skip_while(scanner, is_digit_or_underscore) > 0 &&
           exponent_ends(scanner, true);
}

double float_value(string_view text) {
    auto value = base::lower(without_underscores(text));
    const bool negative = value.front() == '-';
    if (negative || value.front() == '+') {
        value.erase(0, 1);
    }
    const double sign = negative ? -1.0 : 1.0;
    if (value == ".inf") {
        return sign * std::numeric_limits<double>::infinity();
    }
    if (value == ".nan") {
        return std::numeric_limits<double>::quiet_NaN();
    }
    if (value.find(':') == std::string::npos) {
        return sign * plain_double(value);
    }
    auto parts = base::split(value, ':');
    std::reverse(parts.begin(), parts.end());
    double sum = 0;
    double base = 1;
    for (const auto& part : parts) {
        sum += plain_double(part) * base;
        base *= 60;
    }
    return sign * sum;
}

}  // namespace genevactl::manifest
