// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace genevactl::base {

/// A key or token. It has no stream operator and no formatter, so that it cannot end in a log, an
/// error or a dump by accident; `reveal()` is called where a header is written and nowhere else.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string value) : m_value(std::move(value)) {}
    std::string_view reveal() const { return m_value; }
    bool empty() const { return m_value.empty(); }

private:
    std::string m_value;
};

/// The text with every occurrence of the secret replaced by "[redacted]". Secrets shorter than four
/// characters are not searched for: they would redact ordinary words.
std::string redact(std::string text, const Secret& secret);

/// True for names of environment variables that usually hold a secret (…KEY, …TOKEN, …SECRET,
/// …PASSWORD, …CREDENTIALS), whatever their case.
bool names_a_secret(std::string_view variable);

/// A URL without its user name, password and query values: safe to show.
std::string redact_url(std::string_view url);

}  // namespace genevactl::base
