// SPDX-License-Identifier: Apache-2.0
#include "packed.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "documents.hpp"
#include "genevactl/base/files.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/bridge/bundle.hpp"
#include "genevactl/model/names.hpp"
#include "inputs.hpp"

namespace genevactl::run {

namespace {

/// Whether this is written as MODULE:OBJECT; what is not can be a bundle's file.
bool is_target(const std::string& text) {
    const auto colon = text.find(':');
    const auto module = text.substr(0, colon);
    return colon != std::string::npos && module.find('/') == std::string::npos &&
           !module.ends_with(".py");
}

}  // namespace

base::Status check_target(const Session& session, const std::string& target) {
    std::error_code ignored;
    if (model::names_an_object(target) ||
        std::filesystem::exists(from_working_directory(session, target), ignored)) {
        return {};
    }
    return base::fail(base::ErrorKind::usage,
                      fmt::format("'{}' does not say what to take from the module", target),
                      "write MODULE:OBJECT, such as features:embed, or the file of a bundle");
}

base::Result<std::optional<model::TransformDescription>> packed_transform(
    const Session& session, const std::string& target) {
    GENEVACTL_CHECK(check_target(session, target));
    const auto file = from_working_directory(session, target);
    std::error_code ignored;
    if (is_target(target) || !std::filesystem::is_regular_file(file, ignored)) {
        return std::nullopt;
    }
    GENEVACTL_TRY(const auto text, base::read_file(file));
    auto transform = bridge::read_bundle(text);
    if (!transform) {
        auto error = std::move(transform).error();
        if (target.ends_with(".py")) {
            error.hint = fmt::format("name the object in it: {}:OBJECT", file.stem().string());
        }
        return base::fail(std::move(error).while_doing("reading " + target));
    }
    return std::move(*transform);
}

void warn_of_pickling(Session& session, const model::TransformDescription& transform) {
    const auto document = Json::parse(transform.document, nullptr, false);
    const auto pickling =
        document.is_object() ? document.value("pickling", Json::object()) : Json();
    for (const auto& warning : pickling.value("warnings", Json::array())) {
        session.reporter().warn(warning.is_string() ? warning.get<std::string>() : dump(warning),
                                "");
    }
}

}  // namespace genevactl::run
