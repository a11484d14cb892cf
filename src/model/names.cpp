// SPDX-License-Identifier: Apache-2.0
#include "genevactl/model/names.hpp"

#include <utility>

#include "genevactl/base/text.hpp"

namespace genevactl::model {

namespace {

constexpr std::string_view k_path_delimiter = "$";  // what joins the parts of an id on the wire

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
}

/// "… (character 5 of 'a..b')": columns are counted from 1, in characters of UTF-8.
std::string place(std::string_view text, std::size_t offset) {
    std::size_t column = 1;
    for (std::size_t i = 0; i < offset && i < text.size(); ++i) {
        column += (static_cast<unsigned char>(text[i]) & 0xc0U) == 0x80U ? 0U : 1U;
    }
    return "character " + std::to_string(column) + " of '" + base::printable(text) + "'";
}

tl::unexpected<base::Error> bad_name(std::string_view text, std::size_t offset, std::string what,
                                     std::string hint = {}) {
    return base::fail(base::ErrorKind::usage, std::move(what) + " at " + place(text, offset),
                      std::move(hint));
}

/// Reads a field path part by part; `m_at` is the offset of the next byte.
class FieldPathParser {
public:
    explicit FieldPathParser(std::string_view text) : m_text(text) {}

    base::Result<std::vector<std::string>> parse() {
        std::vector<std::string> parts;
        while (true) {
            auto part = peek() == '`' ? quoted() : plain();
            if (!part) return tl::unexpected(std::move(part).error());
            parts.push_back(std::move(*part));
            if (m_at == m_text.size()) return parts;
            if (peek() != '.') {
                return bad_name(
                    m_text, m_at, "the field path goes on after a closing backtick",
                    "write a dot between the parts, and a backtick inside a part twice");
            }
            ++m_at;
        }
    }

private:
    char peek() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }

    base::Result<std::string> plain() {
        const auto begin = m_at;
        while (m_at < m_text.size() && m_text[m_at] != '.') {
            const char c = m_text[m_at];
            if (c == '`') {
                return bad_name(m_text, m_at, "the field path has a backtick inside a plain part",
                                "write the whole part in backticks and the inner backtick twice");
            }
            if (c == ' ') {
                return bad_name(m_text, m_at, "the field path has a blank in a plain part",
                                "write the part in backticks: `first name`.part");
            }
            if (is_control(c)) {
                return bad_name(m_text, m_at, "the field path has a control character");
            }
            ++m_at;
        }
        if (m_at == begin) {
            return bad_name(
                m_text, begin, "the field path has an empty part",
                "write COLUMN or COLUMN.FIELD; a part that holds a dot goes in backticks");
        }
        return std::string(m_text.substr(begin, m_at - begin));
    }

    base::Result<std::string> quoted() {
        const auto begin = m_at++;
        std::string part;
        while (m_at < m_text.size()) {
            const char c = m_text[m_at++];
            if (is_control(c)) {
                return bad_name(m_text, m_at - 1, "the field path has a control character");
            }
            if (c != '`') {
                part.push_back(c);
            } else if (peek() == '`') {
                part.push_back('`');
                ++m_at;
            } else if (part.empty()) {
                return bad_name(m_text, begin, "the field path has an empty part");
            } else {
                return part;
            }
        }
        return bad_name(m_text, begin, "the field path has an unclosed backtick",
                        "close it, and write a backtick inside a part twice");
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

bool is_identifier(const std::string& part) {
    constexpr std::string_view k_letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    constexpr std::string_view k_digits = "0123456789";
    return !part.empty() && k_digits.find(part.front()) == std::string_view::npos &&
           part.find_first_not_of(std::string(k_letters) + std::string(k_digits)) ==
               std::string::npos;
}

/// The parts joined by dots, in backticks where they are not `plain`.
std::string joined(const std::vector<std::string>& parts, bool (*plain)(const std::string&)) {
    std::string text;
    for (const auto& part : parts) {
        if (!text.empty()) text.push_back('.');
        if (plain(part)) {
            text += part;
            continue;
        }
        text.push_back('`');
        for (const char c : part) {
            text.append(c == '`' ? 2 : 1, c);
        }
        text.push_back('`');
    }
    return text;
}

}  // namespace

bool names_an_object(std::string_view text) {
    const auto colon = text.find(':');
    return colon != std::string_view::npos && colon > 0 && colon + 1 < text.size();
}

base::Result<ObjectId> ObjectId::parse(std::string_view text) {
    if (text.empty()) {
        return base::fail(base::ErrorKind::usage, "the name of a table is empty",
                          "write TABLE or FOLDER/TABLE");
    }
    ObjectId id;
    std::size_t begin = 0;
    for (std::size_t at = 0; at <= text.size(); ++at) {
        if (at < text.size() && is_control(text[at])) {
            return bad_name(text, at, "the table's name has a control character");
        }
        if (at < text.size() && text.substr(at, 1) == k_path_delimiter) {
            return bad_name(text, at, "the table's name has a '$', which the API keeps for itself",
                            "the parts of a name are written FOLDER/TABLE");
        }
        if (at < text.size() && text[at] != '/') continue;
        if (at == begin) {
            return bad_name(text, begin, "the table's name has an empty part",
                            "write TABLE or FOLDER/TABLE");
        }
        id.parts.emplace_back(text.substr(begin, at - begin));
        begin = at + 1;
    }
    return id;
}

std::string ObjectId::text() const {
    return base::join(parts, "/");
}

std::string ObjectId::joined() const {
    return base::join(parts, k_path_delimiter);
}

base::Result<FieldPath> FieldPath::parse(std::string_view text) {
    if (text.empty()) {
        return base::fail(base::ErrorKind::usage, "the name of a column is empty");
    }
    auto parts = FieldPathParser(text).parse();
    if (!parts) return tl::unexpected(std::move(parts).error());
    return FieldPath{std::move(*parts)};
}

std::string FieldPath::text() const {
    return joined(parts, [](const std::string& part) {
        return !part.empty() && part.find_first_of(".` ") == std::string::npos;
    });
}

std::string FieldPath::quoted() const {
    return joined(parts, is_identifier);
}

}  // namespace genevactl::model
