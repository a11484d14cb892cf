// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "documents.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/run/verbs.hpp"
#include "packed.hpp"

namespace genevactl::run {

namespace {

model::Properties transform_properties(const model::TransformDescription& transform) {
    model::Properties properties;
    auto add = [&](std::string name, std::string text) {
        properties.rows.emplace_back(std::move(name), model::Cell{std::move(text)});
    };
    std::string outputs;
    for (const auto& output : transform.outputs) {
        outputs += fmt::format("{}{}{}{}", outputs.empty() ? "" : "\n", output.column,
                               output.column.empty() ? "" : " ", output.type);
    }
    add("transform", transform.target);
    add("kind", transform.kind);
    add("name", transform.name);
    add("version", transform.version);
    add("identity", transform.identity);
    add("inputs", base::join(transform.inputs, ", "));
    add("outputs", outputs);
    add("resources", transform.resources_json);
    add("manifest", short_manifest(transform.manifest));
    auto travels = transform.pickling_mode;
    if (!transform.pickling_modules.empty()) {
        travels += ": " + base::join(transform.pickling_modules, ", ");
    }
    if (!transform.pickling_reason.empty()) {
        travels += fmt::format(" ({})", transform.pickling_reason);
    }
    add("travels", travels);
    return properties;
}

}  // namespace

Answer transform_inspect(Session& session, const TransformInspect& request) {
    GENEVACTL_TRY(auto packed, packed_transform(session, request.target));
    if (!packed) {
        GENEVACTL_TRY(auto interpreter, session.interpreter());
        GENEVACTL_TRY(packed, bridge::describe_transform(session.surroundings(), interpreter,
                                                         {.target = request.target}));
    }
    return model::Outcome{.document = packed->document,
                          .names = {packed->name},
                          .blocks = {transform_properties(*packed)}};
}

}  // namespace genevactl::run
