// SPDX-License-Identifier: Apache-2.0
#include "genevactl/bridge/bundle.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "answer.hpp"
#include "genevactl/base/digest.hpp"
#include "genevactl/base/try.hpp"

namespace genevactl::bridge {

namespace {

using base::ErrorKind;
using Sorted = nlohmann::json;  // the digest does not depend on the order of members

constexpr const char* k_bundle_format = "genevactl_bundle";
constexpr const char* k_bundle_digest = "digest";
constexpr const char* k_bundle_content = "content";
constexpr int k_bundle_version = 1;

std::string canonical(const Sorted& json) {
    return json.dump(-1, ' ', false, Sorted::error_handler_t::replace);
}

Sorted parsed_or_null(const std::string& text) {
    return text.empty() ? Sorted() : Sorted::parse(text, nullptr, false);
}

std::string digest_of(const Sorted& content) {
    return "sha256:" + base::sha256_hex(canonical(content));
}

base::Status check_bundle_format(const Sorted& bundle) {
    const auto format = bundle.is_object() ? bundle.value(k_bundle_format, Sorted()) : Sorted();
    if (!format.is_number_integer() || !bundle.contains(k_bundle_content)) {
        return base::fail(ErrorKind::usage, "it is no bundle of a transform",
                          "make one with `genevactl transform pack MODULE:OBJECT --out FILE`");
    }
    if (format.get<std::int64_t>() != k_bundle_version) {
        return base::fail(
            ErrorKind::usage,
            fmt::format("it is a bundle of format {}, this genevactl reads format {}",
                        format.get<std::int64_t>(), k_bundle_version),
            "use the genevactl that made it, or pack the transform again with this one");
    }
    return {};
}

/// A document whose only output has no name of its own gets this one; else as it was.
std::string renamed(const std::string& text, const std::string& column) {
    auto document = nlohmann::ordered_json::parse(text, nullptr, false);
    if (!document.is_object() || !document.contains("outputs") || !document["outputs"].is_array() ||
        document["outputs"].size() != 1) {
        return text;
    }
    auto& output = document["outputs"].front();
    if (output.is_object() && output.value("struct_field", std::string()).empty()) {
        output["column"] = column;
    }
    return document.dump();
}

}  // namespace

std::string write_bundle(const model::TransformDescription& transform) {
    auto content = Sorted::parse(transform.document, nullptr, false);
    content["virtual_column"] = parsed_or_null(transform.virtual_column);
    content["alter_virtual_column"] = parsed_or_null(transform.alter_virtual_column);
    nlohmann::ordered_json bundle;
    bundle[k_bundle_format] = k_bundle_version;
    bundle[k_bundle_digest] = digest_of(content);
    bundle[k_bundle_content] = nlohmann::ordered_json::parse(canonical(content));
    return bundle.dump(2) + "\n";
}

base::Result<model::TransformDescription> read_bundle(std::string_view text) {
    const auto bundle = Sorted::parse(text, nullptr, false);
    GENEVACTL_CHECK(check_bundle_format(bundle));
    const auto& content = bundle[k_bundle_content];
    if (bundle.value(k_bundle_digest, Sorted()) != digest_of(content)) {
        return base::fail(ErrorKind::failed,
                          "it was altered or damaged: its digest is not that of its content",
                          "pack the transform again with `genevactl transform pack`");
    }
    return parse_answer(canonical(content));
}

bool names_its_columns(const model::TransformDescription& transform) {
    const auto document = Sorted::parse(transform.document, nullptr, false);
    const auto outputs = document.is_object() ? document.value("outputs", Sorted()) : Sorted();
    return outputs.is_array() && std::ranges::any_of(outputs, [](const Sorted& output) {
               return output.is_object() && !output.value("struct_field", std::string()).empty();
           });
}

void name_column(model::TransformDescription& transform, const std::string& column) {
    if (transform.outputs.size() != 1 || names_its_columns(transform)) return;
    transform.outputs.front().column = column;
    transform.virtual_column = renamed(transform.virtual_column, column);
    transform.document = renamed(transform.document, column);
}

}  // namespace genevactl::bridge
