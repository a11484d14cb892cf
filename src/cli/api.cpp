// SPDX-License-Identifier: Apache-2.0
#include "genevactl/run/api.hpp"

#include "invocation.hpp"

namespace genevactl::cli {

void add_api(CLI::App& app, Invocation& invocation) {
    auto* command = app.add_subcommand(
        "api", "Send one request to the deployment with the key of the settings");
    auto request = std::make_shared<run::Api>();
    command->add_option("method", request->method, "GET, HEAD, POST, PUT or DELETE")
        ->required()
        ->type_name("METHOD");
    command->add_option("path", request->path, "Path below the deployment (/v1/…), with its query")
        ->required()
        ->type_name("PATH");
    command->add_option("--body", request->body, "Send what is in this file (-: standard input)")
        ->type_name("FILE");
    add_list(*command, "--header", request->headers, "'NAME: VALUE'",
             "One more header; Content-Type is application/json unless you say so");
    command->add_option("--out", request->out, "Write the body of the answer here")
        ->type_name("FILE");
    command->callback([&invocation, request] {
        request->as_document = invocation.output != "table";
        invocation.verb = [request](run::Session& session) { return run::api(session, *request); };
    });
}

}  // namespace genevactl::cli
