// SPDX-License-Identifier: Apache-2.0
#include "invocation.hpp"

namespace genevactl::cli {

void add_manifest_try(CLI::App& group, Invocation& invocation) {
    add_command<run::ManifestTry>(
        group, invocation, "try",
        "Install a manifest into a throw-away environment and import what it brings",
        run::manifest_try, [](CLI::App& command, run::ManifestTry& request) {
            command.add_option("file", request.file, "A manifest's JSON")
                ->required()
                ->type_name("FILE");
            command
                .add_option("transform", request.target,
                            "Import this transform there instead of the distributions")
                ->type_name("MODULE:OBJECT");
        });
}

}  // namespace genevactl::cli
