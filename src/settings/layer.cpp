// SPDX-License-Identifier: Apache-2.0
#include "layer.hpp"

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"

namespace genevactl::settings {

using base::ErrorKind;

base::Result<Layer> layer_of_flags(const base::Surroundings& surroundings, const Flags& flags) {
    Layer layer;
    for (const auto& [name, text] : flags) {
        auto flag = "--" + name;
        std::replace(flag.begin(), flag.end(), '_', '-');
        const auto* key = find_key(name);
        if (key == nullptr) {
            return base::fail(unknown_key(flag, name, "the settings",
                                          names_of_keys([](const Key&) { return true; })));
        }
        if (key->secret) {
            return base::fail(
                ErrorKind::refused,
                fmt::format("{}: every user of this machine can read a command line", flag),
                fmt::format("set {} in the environment instead", key->environment));
        }
        layer[name] = {text, {Source::flag, "flag " + flag}, flag, surroundings.working_directory};
    }
    return layer;
}

Layer layer_of_environment(const base::Surroundings& surroundings) {
    Layer layer;
    for (const auto& key : keys()) {
        if (auto text = surroundings.variable(key.environment)) {
            const std::string variable(key.environment);
            layer[std::string(key.name)] = {std::move(*text),
                                            {Source::environment, "environment " + variable},
                                            variable,
                                            surroundings.working_directory};
        }
    }
    return layer;
}

base::Result<Raw> raw_of(const Key& key, const Node& node, const std::filesystem::path& file,
                         Origin origin) {
    const bool number = node.kind == Node::Kind::integer || node.kind == Node::Kind::real;
    const bool duration = key.type == "duration";
    if (node.kind != Node::Kind::text && !(duration && number)) {
        return base::fail(
            ErrorKind::usage,
            fmt::format("{}: {} must be {}, not {}", where(file, node.begin), key.name,
                        duration ? "a duration" : "text", name_of(node.kind)),
            duration ? "write it as \"90s\" or \"5m\", or as a number of seconds"
                     : "write it in quotes");
    }
    return Raw{node.text, std::move(origin), where(file, node.key_place), file.parent_path()};
}

base::Error unknown_key(const std::string& place, std::string_view name, std::string_view table,
                        const std::vector<std::string>& known) {
    auto hint = base::did_you_mean(name, known);
    return {.kind = ErrorKind::usage,
            .message = fmt::format("{}: {} has no '{}'", place, table, base::printable(name)),
            .hint = hint.empty() ? "there are " + base::join(known, ", ") : std::move(hint)};
}

}  // namespace genevactl::settings
