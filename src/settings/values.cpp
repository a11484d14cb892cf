// SPDX-License-Identifier: Apache-2.0
#include "values.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "fields.hpp"
#include "genevactl/base/clock.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"

namespace genevactl::settings {

namespace {

namespace fs = std::filesystem;
using base::ErrorKind;

bool is_control(char c) {
    return (static_cast<unsigned char>(c) < 0x20) || c == 0x7f;
}

base::Result<std::string> read_text(const Key& key, const Raw& raw) {
    constexpr std::array<std::string_view, 3> k_colors = {"auto", "always", "never"};
    if (raw.text.empty()) {
        return base::fail(ErrorKind::usage, fmt::format("{}: {} is empty", raw.place, key.name),
                          "give it a value, or take it out");
    }
    if (std::ranges::any_of(raw.text, is_control)) {
        return base::fail(ErrorKind::usage,
                          fmt::format("{}: {} holds a control character", raw.place, key.name),
                          "write it on one line");
    }
    if (key.name == "color" && std::ranges::find(k_colors, raw.text) == k_colors.end()) {
        return base::fail(ErrorKind::usage,
                          fmt::format("{}: color is '{}'", raw.place, base::printable(raw.text)),
                          "write auto, always or never");
    }
    return raw.text;
}

base::Result<base::Microseconds> read_duration(const Key& key, const Raw& raw) {
    auto duration = base::parse_duration(raw.text);
    if (!duration) {
        auto error = std::move(duration).error();
        error.message = fmt::format("{}: {}: {}", raw.place, key.name, error.message);
        return base::fail(std::move(error));
    }
    if (*duration <= base::Microseconds::zero()) {
        return base::fail(ErrorKind::usage,
                          fmt::format("{}: {} must be longer than nothing", raw.place, key.name),
                          "write it as \"90s\" or \"5m\"");
    }
    return *duration;
}

/// Reads one Raw into one field, chosen by the field's type. The first error stays.
class Reading {
public:
    Reading(const base::Surroundings& surroundings, const Layer& layer)
        : m_surroundings(surroundings), m_layer(layer) {}

    template <typename T>
    void operator()(std::string_view name, Setting<T>& field) {
        const auto& key = *find_key(name);
        const auto found = m_layer.find(name);
        const Raw standard{std::string(key.default_value), {Source::defaults, "default"}, "", {}};
        const auto& raw = found == m_layer.end() ? standard : found->second;
        field.origin = raw.origin;
        if (found != m_layer.end() || (!raw.text.empty() && name != "profile")) {
            take(read(key, raw, static_cast<T*>(nullptr)), field.value);
        }
    }
    base::Status status() const { return m_status; }

private:
    using OptionalText = std::optional<std::string>;
    using OptionalPath = std::optional<fs::path>;
    using OptionalSecret = std::optional<base::Secret>;

    base::Result<std::string> read(const Key& key, const Raw& raw, const std::string*) {
        return read_text(key, raw);
    }
    base::Result<std::string> read(const Key& key, const Raw& raw, const OptionalText*) {
        GENEVACTL_TRY(auto text, read_text(key, raw));
        const bool from_file = raw.origin.source >= Source::project;
        return from_file ? anchored(m_surroundings, key, raw) : std::move(text);
    }
    base::Result<fs::path> read(const Key& key, const Raw& raw, const OptionalPath*) {
        GENEVACTL_CHECK(read_text(key, raw));
        return fs::path(anchored(m_surroundings, key, raw));
    }
    base::Result<base::Secret> read(const Key&, const Raw& raw, const OptionalSecret*) {
        return read_secret(raw.text, raw.place);
    }
    base::Result<base::Microseconds> read(const Key& key, const Raw& raw,
                                          const base::Microseconds*) {
        return read_duration(key, raw);
    }
    template <typename From, typename To>
    void take(base::Result<From> result, To& value) {
        if (result) {
            value = std::move(*result);
        } else if (m_status) {
            m_status = base::fail(std::move(result).error());
        }
    }

    const base::Surroundings& m_surroundings;
    const Layer& m_layer;
    base::Status m_status;
};

}  // namespace

base::Status read_values(const base::Surroundings& surroundings, const Layer& raw,
                         Settings& settings) {
    Reading reading(surroundings, raw);
    for_each_field(settings, [&](std::string_view name, auto& field) { reading(name, field); });
    return reading.status();
}

base::Result<base::Secret> read_secret(std::string_view text, const std::string& place) {
    const auto value = base::trim(text);
    if (value.empty()) {
        return base::fail(ErrorKind::usage, fmt::format("{}: the key is empty", place),
                          "give it a value, or take it out");
    }
    if (std::ranges::any_of(value, is_control)) {
        return base::fail(
            ErrorKind::usage,
            fmt::format("{}: the key holds a control character or a line break", place),
            "give the key alone, on one line");
    }
    return base::Secret(std::string(value));
}

std::string anchored(const base::Surroundings& surroundings, const Key& key, const Raw& raw) {
    const bool path =
        key.type == "path" || (key.type == "uri" && raw.text.find("://") == std::string::npos) ||
        (key.type == "program" &&
         (raw.text.find('/') != std::string::npos || base::starts_with(raw.text, ".")));
    if (!path) {
        return raw.text;
    }
    if (base::starts_with(raw.text, "~/")) {
        if (const auto home = surroundings.variable("HOME")) {
            return (fs::path(*home) / raw.text.substr(2)).string();
        }
    }
    return (raw.folder / raw.text).lexically_normal().string();
}

}  // namespace genevactl::settings
