// SPDX-License-Identifier: Apache-2.0
#include "genevactl/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace genevactl::base {

std::string_view trim(std::string_view text) {
    constexpr std::string_view k_space = " \t\r\n\v\f";
    const auto first = text.find_first_not_of(k_space);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(k_space) - first + 1);
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    while (true) {
        const auto at = text.find(separator);
        parts.emplace_back(text.substr(0, at));
        if (at == std::string_view::npos) {
            return parts;
        }
        text.remove_prefix(at + 1);
    }
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
    std::string result;
    for (const auto& part : parts) {
        if (&part != parts.data()) {
            result += separator;
        }
        result += part;
    }
    return result;
}

bool starts_with(std::string_view text, std::string_view prefix) {
    return text.substr(0, prefix.size()) == prefix;
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return result;
}

std::string shell_quote(std::string_view word) {
    constexpr std::string_view k_plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+=:,./-";
    if (!word.empty() && word.find_first_not_of(k_plain) == std::string_view::npos) {
        return std::string(word);
    }
    std::string result = "'";
    for (const char c : word) {
        if (c == '\'') {
            result += "'\\''";
        } else {
            result += c;
        }
    }
    return result + "'";
}

std::string group_digits(long long number) {
    auto text = fmt::format("{}", number);
    const std::size_t first = number < 0 ? 1 : 0;
    for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3;
         at > static_cast<std::ptrdiff_t>(first); at -= 3) {
        text.insert(static_cast<std::size_t>(at), 1, ',');
    }
    return text;
}

std::string plural(long long count, std::string_view noun) {
    const auto number = group_digits(count);
    if (count == 1) {
        return fmt::format("{} {}", number, noun);
    }
    const auto ends_with = [noun](std::string_view ending) {
        return noun.size() >= ending.size() && noun.substr(noun.size() - ending.size()) == ending;
    };
    constexpr std::string_view k_vowels = "aeiou";
    if (ends_with("y") && noun.size() > 1 &&
        k_vowels.find(noun[noun.size() - 2]) == std::string_view::npos) {
        return fmt::format("{} {}ies", number, noun.substr(0, noun.size() - 1));
    }
    if (ends_with("s") || ends_with("x") || ends_with("ch") || ends_with("sh")) {
        return fmt::format("{} {}es", number, noun);
    }
    return fmt::format("{} {}s", number, noun);
}

}  // namespace genevactl::base
