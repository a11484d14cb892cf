// SPDX-License-Identifier: Apache-2.0
#include "secrets.hpp"

#include <algorithm>

#include "genevactl/base/secret.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/tokens.hpp"
#include "installable.hpp"
#include "scanner.hpp"

namespace genevactl::manifest {

namespace {

using std::string_view;

constexpr string_view k_hidden = "[redacted]";

/// A part of the text that is to be hidden.
struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
};

bool names_a_query_secret(string_view name) {
    const auto lower = base::lower(name);
    return base::names_a_secret(lower) || lower == "sig" || lower == "signature" ||
           lower == "auth" || lower == "jwt" || lower == "x-amz-signature";
}

/// The values of secrets in the query that begins at `begin` and ends before `end`.
void find_in_query(string_view text, std::size_t begin, std::size_t end, std::vector<Span>& spans) {
    while (begin < end) {
        const auto next = std::min(text.find('&', begin), end);
        const auto equals = text.find('=', begin);
        if (equals < next && equals + 1 < next &&
            names_a_query_secret(text.substr(begin, equals - begin)) &&
            variables_in(text.substr(equals + 1, next - equals - 1)).empty()) {
            spans.push_back({equals + 1, next});
        }
        begin = next + 1;
    }
}

/// The user names and passwords of URLs, and secrets in their queries.
std::vector<Span> credentials_in(string_view text) {
    std::vector<Span> spans;
    for (auto mark = text.find("://"); mark != string_view::npos; mark = text.find("://", mark)) {
        const auto begin = mark + 3;
        const auto end = std::min(text.find_first_of(" \t", begin), text.size());
        const auto authority_end = std::min(text.find_first_of("/?#", begin), end);
        const auto at = text.substr(begin, authority_end - begin).rfind('@');
        if (at != string_view::npos) {
            const auto user = text.substr(begin, at);
            const auto before = text.substr(0, mark);
            const bool over_http = before.ends_with("http") || before.ends_with("https");
            const bool secret = over_http || user.find(':') != string_view::npos;
            if (secret && variables_in(user).empty()) {
                spans.push_back({begin, begin + at});
            }
        }
        const auto question = text.find('?', authority_end);
        if (question < end) {
            find_in_query(text, question + 1, std::min(text.find('#', question), end), spans);
        }
        mark = begin;
    }
    return spans;
}

}  // namespace

bool looks_like_secret(string_view text) {
    if (text.find("PRIVATE KEY-----") != string_view::npos || holds_credentials(text)) {
        return true;
    }
    const bool web_token = base::starts_with(text, "eyJ") && text.find(".eyJ") != string_view::npos;
    return web_token || base::is_token(text);
}

bool holds_credentials(string_view text) {
    return !credentials_in(text).empty();
}

std::string without_credentials(string_view text) {
    std::string result(text);
    const auto spans = credentials_in(text);
    for (auto span = spans.rbegin(); span != spans.rend(); ++span) {
        result.replace(span->begin, span->end - span->begin, k_hidden);
    }
    return result;
}

}  // namespace genevactl::manifest
