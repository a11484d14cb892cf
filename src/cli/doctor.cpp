// SPDX-License-Identifier: Apache-2.0
#include "genevactl/run/doctor.hpp"

#include "invocation.hpp"

namespace genevactl::cli {

void add_doctor(CLI::App& app, Invocation& invocation) {
    add_command<run::Doctor>(
        app, invocation, "doctor",
        "Check Python, settings, deployment and this machine, and say how to mend what is wrong",
        run::doctor, [](CLI::App& command, run::Doctor& request) {
            command.add_flag("--write", request.write,
                             "Try the upload place with a small object, which is removed again");
        });
}

}  // namespace genevactl::cli
