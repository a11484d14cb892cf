// SPDX-License-Identifier: Apache-2.0
#include "genevactl/base/secret.hpp"

#include <algorithm>
#include <array>

#include "genevactl/base/text.hpp"

namespace genevactl::base {

namespace {

constexpr std::string_view k_redacted = "[redacted]";
constexpr std::size_t k_shortest_searched = 4;

/// The authority and what follows, without the user name and password.
std::string_view without_user(std::string_view rest) {
    const auto end = std::min(rest.find_first_of("/?#"), rest.size());
    const auto authority = rest.substr(0, end);
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
        return rest.substr(at + 1);
    }
    // A password with an unescaped slash ends the authority early: "user:pa/ss@host".
    const auto colon = authority.rfind(':');
    const auto at = rest.rfind('@');
    if (colon != std::string_view::npos && at != std::string_view::npos) {
        const auto port = authority.substr(colon + 1);
        if (port.find_first_not_of("0123456789]") != std::string_view::npos) {
            return rest.substr(at + 1);
        }
    }
    return rest;
}

/// "a=1&b=2" with the values gone; a word without "=" may itself be a secret.
std::string redact_query(std::string_view query) {
    std::string result;
    for (const auto& pair : split(query, '&')) {
        if (!result.empty()) {
            result += '&';
        }
        const auto equals = pair.find('=');
        if (equals != std::string::npos) {
            result += pair.substr(0, equals + 1);
        }
        result += k_redacted;
    }
    return result;
}

}  // namespace

std::string redact(std::string text, const Secret& secret) {
    const auto value = secret.reveal();
    if (value.size() < k_shortest_searched) {
        return text;
    }
    for (auto at = text.find(value); at != std::string::npos;
         at = text.find(value, at + k_redacted.size())) {
        text.replace(at, value.size(), k_redacted);
    }
    return text;
}

bool names_a_secret(std::string_view variable) {
    constexpr std::array<std::string_view, 7> k_endings = {
        "key", "token", "secret", "password", "passwd", "passphrase", "credentials"};
    const auto name = lower(variable);
    return std::any_of(k_endings.begin(), k_endings.end(), [&name](std::string_view ending) {
        return name.size() >= ending.size() &&
               std::string_view(name).substr(name.size() - ending.size()) == ending;
    });
}

std::string redact_url(std::string_view url) {
    const auto mark = url.find("://");
    const auto start = mark == std::string_view::npos ? 0 : mark + 3;
    std::string result(url.substr(0, start));
    auto rest = without_user(url.substr(start));
    rest = rest.substr(0, rest.find('#'));
    const auto question = rest.find('?');
    result += rest.substr(0, question);
    if (question != std::string_view::npos) {
        result += '?';
        result += redact_query(rest.substr(question + 1));
    }
    return result;
}

}  // namespace genevactl::base
