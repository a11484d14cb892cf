// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "genevactl/run/verbs.hpp"

namespace genevactl::run {

/// A raw call with the authentication of the settings, for what has no verb yet.
struct Api {
    std::string method;
    std::string path;                       ///< "/v1/…", or the same below the deployment's URL
    std::optional<std::string> body = {};   ///< a file; "-" is standard input
    std::vector<std::string> headers = {};  ///< "Name: value"
    std::optional<std::filesystem::path> out = {};  ///< the answer's body goes here
    bool as_document = false;  ///< the answer is printed as JSON: its body may be anything
};
Answer api(Session& session, const Api& request);

}  // namespace genevactl::run
