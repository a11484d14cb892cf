// SPDX-License-Identifier: Apache-2.0
#include "genevactl/model/same_type.hpp"

#include <algorithm>
#include <string>

namespace genevactl::model {

namespace {

constexpr std::string_view k_binary = "fixed_size_binary";
constexpr std::string_view k_dictionary = "dictionary<";

bool ends_with_binary(const std::string& text) {
    return text.size() >= k_binary.size() &&
           text.compare(text.size() - k_binary.size(), k_binary.size(), k_binary) == 0;
}

/// Without the units: what stands in brackets (but the size of a fixed_size_binary, which the API
/// writes in parentheses), and what follows a colon at once.
std::string without_units(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '[') {
            const auto end = std::min(text.find(']', i), text.size() - 1);
            if (ends_with_binary(result)) {
                result += '(' + std::string(text.substr(i + 1, end - i - 1)) + ')';
            }
            i = end;
        } else if (text[i] == ':' && i + 1 < text.size() && text[i + 1] != ' ') {
            i = std::min(text.find_first_of(",<>", i), text.size()) - 1;
        } else {
            result += text[i];
        }
    }
    return result;
}

}  // namespace

bool same_type(std::string_view left, std::string_view right) {
    const bool cannot_tell = left.find(k_dictionary) != std::string_view::npos ||
                             right.find(k_dictionary) != std::string_view::npos;
    return cannot_tell || without_units(left) == without_units(right);
}

}  // namespace genevactl::model
