// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "genevactl/base/error.hpp"
#include "genevactl/bridge/bridge.hpp"
#include "genevactl/model/transform.hpp"

namespace genevactl::bridge {

/// The request document for the Python side (docs/bridge.md), UTF-8 JSON. Error kind usage: text
/// from the command line that is no UTF-8.
base::Result<std::string> request_json(const TransformRequest& request);

/// Reads the Python side's answer. An error answer becomes the Error that it describes; anything
/// that does not follow docs/bridge.md is kind internal: both sides are of one build.
base::Result<model::TransformDescription> parse_answer(std::string_view text);

/// The answer to any other action, checked for errors and version in the same way.
base::Result<nlohmann::ordered_json> parse_document(std::string_view text);

/// What an internal error says: both sides are of one build, so this is a bug.
base::Error broken(const std::string& what);

}  // namespace genevactl::bridge
