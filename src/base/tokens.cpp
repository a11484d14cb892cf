// SPDX-License-Identifier: Apache-2.0
#include "genevactl/base/tokens.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstddef>

#include "genevactl/base/text.hpp"

namespace genevactl::base {

namespace {

/// What a service puts in front of its tokens, and how many characters follow.
struct TokenShape {
    std::string_view prefix;
    std::size_t least;      ///< of a text that is nothing else
    std::size_t in_a_text;  ///< among other words; 0: the prefix is too common to be looked for
};

constexpr std::array k_shapes{
    TokenShape{"AKIA", 16, 16},      TokenShape{"ASIA", 16, 16},
    TokenShape{"ghp_", 30, 36},      TokenShape{"gho_", 30, 36},
    TokenShape{"ghu_", 30, 36},      TokenShape{"ghs_", 30, 36},
    TokenShape{"ghr_", 30, 36},      TokenShape{"github_pat_", 20, 60},
    TokenShape{"glpat-", 15, 20},    TokenShape{"sk-", 20, 0},
    TokenShape{"sk-ant-", 20, 60},   TokenShape{"sk-proj-", 20, 60},
    TokenShape{"sk_live_", 16, 24},  TokenShape{"rk_live_", 16, 24},
    TokenShape{"xoxb-", 20, 30},     TokenShape{"xoxp-", 20, 30},
    TokenShape{"xoxa-", 20, 30},     TokenShape{"AIza", 30, 35},
    TokenShape{"hf_", 30, 34},       TokenShape{"npm_", 30, 36},
    TokenShape{"pypi-", 50, 0},      TokenShape{"pypi-AgEIcHlwaS5vcmc", 50, 50},
    TokenShape{"dckr_pat_", 20, 27}, TokenShape{"ldb_", 20, 0},
};

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}
bool is_word_or_dot(char c) {
    return is_word(c) || c == '.';
}

std::size_t pair_of(char first, char second) {
    return static_cast<std::size_t>(static_cast<unsigned char>(first)) << 8U |
           static_cast<unsigned char>(second);
}

using Pairs = std::bitset<std::size_t{1} << 16U>;

/// The first two characters of every shape that is looked for.
const Pairs& first_pairs() {
    static const Pairs s_pairs = [] {
        Pairs pairs;
        for (const auto& shape : k_shapes) {
            if (shape.in_a_text > 0) {
                pairs.set(pair_of(shape.prefix[0], shape.prefix[1]));
            }
        }
        return pairs;
    }();
    return s_pairs;
}

/// Does a token begin where this text does?
bool begins_with_token(std::string_view text) {
    return std::ranges::any_of(k_shapes, [text](const TokenShape& shape) {
        if (shape.in_a_text == 0 || !starts_with(text, shape.prefix)) {
            return false;
        }
        const auto rest = text.substr(shape.prefix.size()).substr(0, shape.in_a_text);
        return rest.size() == shape.in_a_text && std::ranges::all_of(rest, is_word) &&
               std::ranges::any_of(rest, [](char c) { return c >= '0' && c <= '9'; }) &&
               std::ranges::any_of(rest, [&](char c) { return c != rest.front(); });
    });
}

}  // namespace

bool is_token(std::string_view text) {
    return std::ranges::all_of(text, is_word_or_dot) &&
           std::ranges::any_of(k_shapes, [text](const TokenShape& shape) {
               return starts_with(text, shape.prefix) &&
                      text.size() >= shape.prefix.size() + shape.least;
           });
}

bool holds_token(std::string_view text) {
    const auto& pairs = first_pairs();
    for (std::size_t at = 0; at + 1 < text.size(); ++at) {
        if (pairs[pair_of(text[at], text[at + 1])] && (at == 0 || !is_word(text[at - 1])) &&
            begins_with_token(text.substr(at))) {
            return true;
        }
    }
    return false;
}

}  // namespace genevactl::base
