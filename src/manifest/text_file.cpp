// SPDX-License-Identifier: Apache-2.0
#include "text_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include <fmt/format.h>
#include <iconv.h>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "python_text.hpp"

namespace genevactl::manifest {

namespace {

using base::ErrorKind;
using base::Result;
using std::string_view;

struct ByteOrderMark {
    string_view bytes;
    string_view encoding;
};

/// UTF-32's little-endian mark begins with UTF-16's, so it comes first.
constexpr std::array<ByteOrderMark, 5> k_marks = {{{"\xEF\xBB\xBF", "UTF-8"},
                                                   {string_view("\xFF\xFE\0\0", 4), "UTF-32LE"},
                                                   {string_view("\0\0\xFE\xFF", 4), "UTF-32BE"},
                                                   {"\xFF\xFE", "UTF-16LE"},
                                                   {"\xFE\xFF", "UTF-16BE"}}};

/// The spellings by which iconv may know an encoding that has a Python name: "iso2022_jp" is its
/// "iso2022jp", "latin-1" its "latin1".
std::vector<std::string> iconv_names(string_view python) {
    auto name = base::lower(python);
    std::replace(name.begin(), name.end(), '_', '-');
    if (name == "utf-8-sig") {
        return {"UTF-8"};
    }
    if (name == "shift-jis" || name == "sjis") {
        return {"CP932"};  // Python's has a tilde and a backslash where iconv's SJIS has neither
    }
    auto joined = name;
    joined.erase(std::remove(joined.begin(), joined.end(), '-'), joined.end());
    return {name, joined};
}

bool is_encoding_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

/// The encoding after "coding:" or "coding=" in a comment, or "".
string_view encoding_in(string_view comment) {
    for (auto at = comment.find("coding"); at != string_view::npos;
         at = comment.find("coding", at + 1)) {
        auto rest = comment.substr(at + 6);
        if (rest.empty() || (rest.front() != ':' && rest.front() != '=')) {
            continue;
        }
        rest = strip(rest.substr(1));
        const auto* const end = std::find_if_not(rest.begin(), rest.end(), is_encoding_character);
        if (end != rest.begin()) {
            return rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
        }
    }
    return {};
}

string_view declared_encoding(string_view bytes) {
    for (int line = 0; line < 2; ++line) {
        const auto end = bytes.find('\n');
        if (!bytes.empty() && bytes.front() == '#') {
            const auto encoding = encoding_in(bytes.substr(0, end));
            if (!encoding.empty()) {
                return encoding;
            }
        }
        if (end == string_view::npos) {
            break;
        }
        bytes.remove_prefix(end + 1);
    }
    return {};
}

/// An open conversion to UTF-8.
class Converter {
public:
    /// From the first of the encodings that is known.
    explicit Converter(const std::vector<std::string>& encodings) {
        for (const auto& encoding : encodings) {
            if (!is_open() && !encoding.empty()) {  // "" is the locale's
                m_handle = ::iconv_open("UTF-8", encoding.c_str());
            }
        }
    }
    ~Converter() {
        if (is_open()) {
            ::iconv_close(m_handle);
        }
    }
    Converter(const Converter&) = delete;
    Converter& operator=(const Converter&) = delete;

    bool is_open() const { return m_handle != k_closed; }

    /// Appends to `out`; returns how many bytes were converted before the first that is wrong.
    std::size_t convert(string_view bytes, std::string& out) {
        std::string input(bytes);
        std::array<char, 4096> buffer{};
        char* from = input.data();
        auto left = input.size();
        while (left > 0) {
            char* to = buffer.data();
            auto room = buffer.size();
            const auto result = ::iconv(m_handle, &from, &left, &to, &room);
            out.append(buffer.data(), buffer.size() - room);
            if (result == static_cast<std::size_t>(-1) && errno != E2BIG) {
                return bytes.size() - left;
            }
        }
        char* to = buffer.data();
        auto room = buffer.size();
        ::iconv(m_handle, nullptr, nullptr, &to, &room);  // a character that waited for a mark
        out.append(buffer.data(), buffer.size() - room);
        return bytes.size();
    }

private:
    // What iconv_open says to an encoding that it does not know.
    inline static const iconv_t k_closed = reinterpret_cast<iconv_t>(-1);
    iconv_t m_handle = k_closed;
};

Result<std::string> convert(string_view bytes, string_view encoding, string_view file) {
    Converter converter(iconv_names(encoding));
    if (!converter.is_open()) {
        return base::fail(ErrorKind::usage,
                          fmt::format("{}: the encoding {} is not known", file, encoding),
                          "save the file as UTF-8 and take the coding comment out");
    }
    std::string text;
    const auto done = converter.convert(bytes, text);
    if (done < bytes.size()) {
        const auto line = std::count(text.begin(), text.end(), '\n') + 1;
        return base::fail(
            ErrorKind::usage,
            fmt::format("{}:{}: a byte (0x{:02x}) that is not {}", file, line,
                        static_cast<unsigned>(static_cast<unsigned char>(bytes[done])), encoding),
            "save the file as UTF-8, or name its encoding in its first line, for example "
            "`# -*- coding: latin-1 -*-`");
    }
    return text;
}

}  // namespace

Result<std::string> decode_text(string_view bytes, string_view file) {
    for (const auto& mark : k_marks) {
        if (bytes.substr(0, mark.bytes.size()) == mark.bytes) {
            return convert(bytes.substr(mark.bytes.size()), mark.encoding, file);
        }
    }
    const auto declared = declared_encoding(bytes);
    return convert(bytes, declared.empty() ? "UTF-8" : declared, file);
}

std::vector<LogicalLine> logical_lines(string_view text) {
    std::vector<LogicalLine> joined;
    bool continues = false;
    int number = 0;
    for (auto line : split_lines(text)) {
        ++number;
        const bool comment_only = find_comment(line) == 0;
        const bool goes_on = !comment_only && !line.empty() && line.back() == '\\';
        if (!continues) {
            joined.push_back({number, {}});
        }
        if (goes_on) {
            const auto begin = std::min(line.find_first_not_of('\\'), line.size());
            const auto end = line.find_last_not_of('\\') + 1;
            line = begin < end ? line.substr(begin, end - begin) : string_view{};
        }
        joined.back().text += comment_only ? " " : "";
        joined.back().text += line;
        continues = goes_on;
    }
    std::vector<LogicalLine> result;
    for (const auto& each : joined) {
        const string_view whole = each.text;
        const auto kept = strip(whole.substr(0, find_comment(whole)));
        if (!kept.empty()) {
            result.push_back({each.number, std::string(kept)});
        }
    }
    return result;
}

}  // namespace genevactl::manifest
