// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "genevactl/model/schema.hpp"
#include "genevactl/model/snapshot.hpp"

namespace genevactl::model {

/// What the user's interpreter says of a transform (docs/bridge.md).
struct TransformDescription {
    std::string kind;  ///< "udf", "chunker" or "udtf"
    std::string target;
    std::string name;
    std::string version;
    std::string identity;  ///< our own digest of what it does, "v1:<sha256>"
    std::vector<std::string> inputs;
    struct Output {
        std::string column;
        std::string type;       ///< as people write it
        std::string type_json;  ///< JSON Arrow
        bool nullable = true;
    };
    std::vector<Output> outputs;
    std::string resources_json;  ///< an object: num_cpus, num_gpus, memory, …
    std::optional<PinnedManifest> manifest;
    std::string pickling_mode;  ///< "by-value" or "by-reference"
    std::vector<std::string> pickling_modules;
    std::string pickling_reason;
    std::string environment_json;      ///< versions and platform of the interpreter
    std::string virtual_column;        ///< JSON for add_columns; empty unless asked to register
    std::string alter_virtual_column;  ///< JSON for alter_columns; likewise
    std::string document;              ///< the bridge's whole answer, payloads left out
};

}  // namespace genevactl::model
