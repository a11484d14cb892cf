// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "yaml.hpp"

namespace genevactl::manifest {

namespace {

using NodePointer = std::shared_ptr<YamlNode>;

/// The manifest is two levels itself, and its reader stops at 32.
constexpr std::size_t k_deepest_yaml = 30;

/// What stops the parser from inside its events.
struct YamlProblem {
    YAML::Mark mark;
    std::string what;
};

/// The length of the character at the front of UTF-8, or 0 for a byte that does not belong.
std::size_t character_at_front(std::string_view text) {
    const auto byte = [&text](std::size_t at) {
        return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
    };
    const auto first = byte(0);
    if (first < 0x80) {
        return 1;
    }
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) {
            return 0;
        }
    }
    const auto second = byte(1);
    const bool wrong = first < 0xC2 || first > 0xF4 || (first == 0xE0 && second < 0xA0) ||
                       (first == 0xED && second > 0x9F) || (first == 0xF0 && second < 0x90) ||
                       (first == 0xF4 && second > 0x8F);
    return wrong ? 0 : length;
}

/// yaml-cpp 0.7 writes the escapes \N and \_ as single bytes; the text around them is valid UTF-8.
std::string with_valid_escapes(std::string_view value) {
    std::string result;
    for (std::size_t at = 0; at < value.size();) {
        const auto length = character_at_front(value.substr(at));
        if (length == 0) {
            result += '\xC2';
        }
        result += value.substr(at, std::max<std::size_t>(length, 1));
        at += std::max<std::size_t>(length, 1);
    }
    return result;
}

/// The text at a node's place, behind an anchor.
std::string_view text_at(std::string_view text, int position) {
    text.remove_prefix(std::min(static_cast<std::size_t>(std::max(position, 0)), text.size()));
    if (!text.empty() && text.front() == '&') {
        text.remove_prefix(std::min(text.find_first_of(" \t\r\n"), text.size()));
        text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    }
    return text;
}

/// What the event of a quoted text (or of one with the tag "!") does not tell.
std::string problem_of_quoted(std::string_view source, const std::string& value) {
    if (source.substr(0, 1) == "!") {
        return "a lone '!' is no tag";
    }
    // yaml-cpp 0.7 loses the line ends of a text that is nothing else.
    if (value.empty() && source.substr(0, 2) != "''" && source.substr(0, 2) != "\"\"") {
        return "a quoted text of blank lines (write \"\\n\")";
    }
    return {};
}

/// Builds the nodes from the library's events.
class NodeBuilder final : public YAML::EventHandler {
public:
    explicit NodeBuilder(std::string_view text) : m_text(text) {}

    void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        OnScalar(mark, "?", anchor, "");
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto found = m_anchors.find(anchor);
        if (found == m_anchors.end()) {
            throw YamlProblem{mark, "an alias of something that is not complete there"};
        }
        place(found->second);
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        if (tag == "!") {
            if (auto problem = problem_of_quoted(text_at(m_text, mark.pos), value);
                !problem.empty()) {
                throw YamlProblem{mark, std::move(problem)};
            }
        }
        auto node = make(YamlNode::Kind::scalar, mark, tag);
        node->text = with_valid_escapes(value);
        place(node);
        remember(anchor, node);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value /*style*/) override {
        open(make(YamlNode::Kind::sequence, mark, tag), mark, anchor);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value /*style*/) override {
        open(make(YamlNode::Kind::mapping, mark, tag), mark, anchor);
    }
    void OnMapEnd() override { close(); }
    void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
        if (!m_names.insert(name).second) {
            throw YamlProblem{mark, fmt::format("the anchor &{} is given twice", name)};
        }
    }

    NodePointer root() const { return m_root; }

private:
    static NodePointer make(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag) {
        auto node = std::make_shared<YamlNode>();
        node->kind = kind;
        node->tag = tag;
        node->line = mark.line + 1;
        node->column = mark.column + 1;
        return node;
    }
    void place(const NodePointer& node) {
        if (m_open.empty()) {
            m_root = node;
        } else {
            m_open.back().first->items.push_back(node);
        }
    }
    void open(const NodePointer& node, const YAML::Mark& mark, YAML::anchor_t anchor) {
        if (m_open.size() == k_deepest_yaml) {
            throw YamlProblem{mark, fmt::format("nested deeper than {}", k_deepest_yaml)};
        }
        place(node);
        m_open.emplace_back(node, anchor);
    }
    void close() {
        remember(m_open.back().second, m_open.back().first);
        m_open.pop_back();
    }
    /// Only a complete node can be referred to, so that none contains itself.
    void remember(YAML::anchor_t anchor, const NodePointer& node) {
        if (anchor != YAML::NullAnchor) {
            m_anchors[anchor] = node;
        }
    }

    std::string_view m_text;
    NodePointer m_root;
    std::vector<std::pair<NodePointer, YAML::anchor_t>> m_open;
    std::map<YAML::anchor_t, NodePointer> m_anchors;
    std::set<std::string> m_names;
};

tl::unexpected<base::Error> yaml_error(std::string_view source, int line, int column,
                                       const std::string& what, std::string hint = {}) {
    return base::fail(base::ErrorKind::usage,
                      fmt::format("{}:{}:{}: {}", source, line, column, what), std::move(hint));
}

/// What is wrong with the character, if anything.
std::string problem_of_character(std::string_view character) {
    if (character.empty()) {
        return "a byte that is not UTF-8";
    }
    const auto byte = static_cast<unsigned char>(character[0]);
    const bool control = (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') ||
                         byte == 0x7F || (byte == 0xC2 && character[1] < '\xA0');
    if (character == "\xC2\x85" || character == "\xE2\x80\xA8" || character == "\xE2\x80\xA9") {
        return "a line end that YAML 1.1 and YAML 1.2 read differently (U+0085, U+2028 or U+2029)";
    }
    if (control || character == "\xEF\xBF\xBE" || character == "\xEF\xBF\xBF") {
        return "a control character";
    }
    return {};
}

/// yaml-cpp would put U+FFFD in the place of bytes that are no UTF-8, and takes any character.
base::Status check_characters(std::string_view text, std::string_view source) {
    for (std::size_t at = 0; at < text.size();) {
        const auto length = character_at_front(text.substr(at));
        const auto problem = problem_of_character(text.substr(at, length));
        if (!problem.empty()) {
            return base::fail(base::ErrorKind::usage,
                              fmt::format("{}:{}: {}", source, place_in(text, at + 1), problem),
                              "save the file as UTF-8; in double quotes, an escape (\\u0085) can "
                              "stand for any character");
        }
        at += length;
    }
    return {};
}

/// False when the text has no document. Throws the library's exceptions and YamlProblem.
base::Result<bool> read_document(std::string_view text, std::string_view source,
                                 NodeBuilder& builder) {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) {
        return false;
    }
    NodeBuilder next(text);
    if (parser.HandleNextDocument(next)) {
        return yaml_error(source, next.root() ? next.root()->line : 1, 1,
                          "a second document; an environment is one");
    }
    return true;
}

}  // namespace

base::Result<std::shared_ptr<const YamlNode>> parse_yaml(std::string_view text,
                                                         std::string_view source) {
    constexpr std::string_view k_mark = "\xEF\xBB\xBF";
    if (text.substr(0, k_mark.size()) == k_mark) {
        text.remove_prefix(k_mark.size());
    }
    if (auto checked = check_characters(text, source); !checked) {
        return base::fail(std::move(checked).error());
    }
    NodeBuilder builder(text);
    NodeBuilder ended(text);
    try {
        if (auto read = read_document(text, source, builder); !read || !*read) {
            if (!read) {
                return base::fail(std::move(read).error());
            }
            return nullptr;
        }
        // yaml-cpp closes an open quote at the end of the file; an end of document in it is wrong.
        if (auto read = read_document(std::string(text) + "\n...\n", source, ended); !read) {
            return base::fail(std::move(read).error());
        }
    } catch (const YamlProblem& problem) {
        return yaml_error(source, problem.mark.line + 1, problem.mark.column + 1, problem.what);
    } catch (const YAML::Exception& error) {
        return yaml_error(source, error.mark.line + 1, error.mark.column + 1,
                          "not YAML: " + error.msg);
    }
    return builder.root();
}

}  // namespace genevactl::manifest
