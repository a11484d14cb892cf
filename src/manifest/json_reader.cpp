// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "json_tree.hpp"

namespace genevactl::manifest {

namespace {

using base::ErrorKind;
using base::Result;

/// A manifest is three deep; what conda files hold is not much deeper.
constexpr std::size_t k_deepest = 32;

/// Bytes that tell how many of them were taken, so that an error can name its place.
class CountingIterator {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    CountingIterator(const char* at, std::size_t* taken) : m_at(at), m_taken(taken) {}
    reference operator*() const { return *m_at; }
    CountingIterator& operator++() {
        ++m_at;
        ++*m_taken;
        return *this;
    }
    CountingIterator operator++(int) {
        auto before = *this;
        ++*this;
        return before;
    }
    bool operator==(const CountingIterator& other) const { return m_at == other.m_at; }

private:
    const char* m_at;
    std::size_t* m_taken;
};

/// What the library says of wrong JSON, without its codes and without the text it had read (which
/// may be a secret).
std::string reason_of(std::string_view what) {
    const auto dash = what.find(" - ");
    if (dash != std::string_view::npos) {
        what.remove_prefix(dash + 3);
    } else if (const auto code = what.find("] "); code != std::string_view::npos) {
        what.remove_prefix(code + 2);
    }
    what = what.substr(0, what.find("; last read: "));
    return std::string(what.substr(0, what.find(": '")));
}

/// Builds the tree from the library's events; stops at the first thing that is not allowed.
class TreeBuilder {
public:
    explicit TreeBuilder(const std::size_t& taken) : m_taken(taken) {}

    bool null() { return add(JsonValue::Kind::null, "null"); }
    bool boolean(bool value) { return add(JsonValue::Kind::boolean, value ? "true" : "false"); }
    bool number_integer(std::int64_t value) {
        return add(JsonValue::Kind::integer, std::to_string(value));
    }
    bool number_unsigned(std::uint64_t value) {
        return add(JsonValue::Kind::integer, std::to_string(value));
    }
    bool number_float(double value, const std::string& token) {
        if (token.find_first_of(".eE") == std::string::npos) {
            return add(JsonValue::Kind::integer, token);
        }
        return add(JsonValue::Kind::real, python_repr(value));
    }
    bool string(std::string& value) { return add(JsonValue::Kind::string, std::move(value)); }
    bool binary(nlohmann::json::binary_t& /*value*/) { return stop("binary data"); }
    bool start_object(std::size_t /*size*/) { return open(JsonValue::Kind::object); }
    bool start_array(std::size_t /*size*/) { return open(JsonValue::Kind::array); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }
    bool key(std::string& name) {
        m_key = std::move(name);
        if (m_open.back()->members.contains(m_key)) {
            return stop(fmt::format("the key {} is given twice", json_string(m_key)));
        }
        return true;
    }
    bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                     const nlohmann::json::exception& error) {
        return stop("not JSON: " + reason_of(error.what()));
    }

    const std::optional<std::string>& problem() const { return m_problem; }
    std::size_t problem_at() const { return m_problem_at; }
    JsonValue take() { return std::move(m_root); }

private:
    bool stop(std::string problem) {
        m_problem = std::move(problem);
        m_problem_at = m_taken;
        return false;
    }
    JsonValue* place(JsonValue value) {
        if (m_open.empty()) {
            m_root = std::move(value);
            return &m_root;
        }
        auto& parent = *m_open.back();
        if (parent.kind == JsonValue::Kind::object) {
            return &(parent.members[m_key] = std::move(value));
        }
        parent.items.push_back(std::move(value));
        return &parent.items.back();
    }
    bool add(JsonValue::Kind kind, std::string text) {
        JsonValue value;
        value.kind = kind;
        value.text = std::move(text);
        value.end = m_taken;
        place(std::move(value));
        return true;
    }
    bool open(JsonValue::Kind kind) {
        if (m_open.size() == k_deepest) {
            return stop(fmt::format("nested deeper than {}", k_deepest));
        }
        JsonValue value;
        value.kind = kind;
        value.end = m_taken;
        m_open.push_back(place(std::move(value)));
        return true;
    }
    bool close() {
        m_open.pop_back();
        return true;
    }

    const std::size_t& m_taken;
    JsonValue m_root;
    std::vector<JsonValue*> m_open;  // a parent does not move while a child is open
    std::string m_key;
    std::optional<std::string> m_problem;
    std::size_t m_problem_at = 0;
};

}  // namespace

std::string_view describe(JsonValue::Kind kind) {
    switch (kind) {
        case JsonValue::Kind::null:
            return "null";
        case JsonValue::Kind::boolean:
            return "true or false";
        case JsonValue::Kind::integer:
        case JsonValue::Kind::real:
            return "a number";
        case JsonValue::Kind::string:
            return "a string";
        case JsonValue::Kind::array:
            return "a list";
        case JsonValue::Kind::object:
            return "an object";
    }
    return "";
}

std::string place_in(std::string_view text, std::size_t at) {
    const auto before = text.substr(0, at);
    const auto lines = std::count(before.begin(), before.end(), '\n');
    const auto line = before.substr(before.rfind('\n') + 1);
    const auto columns = std::count_if(line.begin(), line.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;  // no continuation byte
    });
    return fmt::format("{}:{}", lines + 1, std::max<std::ptrdiff_t>(columns, 1));
}

Result<JsonValue> parse_json(std::string_view text, std::string_view source) {
    std::size_t taken = 0;
    TreeBuilder builder(taken);
    const auto* const begin = text.data();
    const bool whole = nlohmann::json::sax_parse(
        CountingIterator(begin, &taken), CountingIterator(begin + text.size(), &taken), &builder);
    if (!whole) {
        return base::fail(ErrorKind::usage,
                          fmt::format("{}:{}: {}", source, place_in(text, builder.problem_at()),
                                      builder.problem().value_or("not JSON")));
    }
    return builder.take();
}

}  // namespace genevactl::manifest
