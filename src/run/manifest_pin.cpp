// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "client_python.hpp"
#include "genevactl/base/files.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/manifest/json.hpp"
#include "genevactl/manifest/pin.hpp"
#include "genevactl/run/verbs.hpp"
#include "inputs.hpp"
#include "manifest_out.hpp"

namespace genevactl::run {

namespace {

base::Result<std::string> ask_uv(Session& session, const manifest::PinTarget& target,
                                 const manifest::PinQuestion& question) {
    GENEVACTL_TRY(const auto folder, base::TemporaryDirectory::create("genevactl-pin"));
    for (const auto& [name, content] : question.files) {
        GENEVACTL_CHECK(base::write_atomic(folder.path() / name, content, 0600));
    }
    base::Command command{.arguments = {"uv"}};
    command.arguments.insert(command.arguments.end(), question.arguments.begin(),
                             question.arguments.end());
    command.working_directory = folder.path();
    // What this user's uv adds, the workers' pip does not know; another default index may be the
    // only way to packages from here, and stays.
    command.unset = {"UV_INDEX",          "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_CONSTRAINT",
                     "UV_OVERRIDE",       "UV_EXCLUDE_NEWER",   "UV_RESOLUTION", "UV_PRERELEASE",
                     "UV_INDEX_STRATEGY", "UV_NO_BINARY",       "UV_ONLY_BINARY"};
    command.environment = question.environment;
    auto result = session.surroundings().process->run(command);
    if (!result && result.error().kind == base::ErrorKind::not_found) {
        return base::fail(base::ErrorKind::usage, "uv is not on PATH, and pin asks it for versions",
                          "install it: `pip install uv`, or see "
                          "https://docs.astral.sh/uv/getting-started/installation/");
    }
    if (!result) {
        return base::fail(std::move(result).error().while_doing("asking uv for versions"));
    }
    if (result->exit_code != 0) {
        return base::fail(manifest::pin_failure(target, result->errors));
    }
    return std::move(result->output);
}

}  // namespace

Answer manifest_pin(Session& session, const ManifestPin& request) {
    GENEVACTL_TRY(const auto read, read_manifest(session, request.file, true));
    manifest::PinTarget target{request.python_version.value_or("?"), request.python_platform};
    GENEVACTL_TRY(auto question, manifest::pin_question(read.manifest, target));
    if (question.nothing_to_ask) {
        session.reporter().note("every requirement is pinned: nothing to ask uv");
        return manifest_outcome(session, {read.manifest, question.remarks}, request.out);
    }
    if (!request.python_version) {
        GENEVACTL_TRY(target.python_version, client_python(session, "--python-version", "pinning"));
        GENEVACTL_TRY(question, manifest::pin_question(read.manifest, target));
    }
    GENEVACTL_TRY(const auto answer, ask_uv(session, target, question));
    GENEVACTL_TRY(auto built, manifest::pinned(read.manifest, target, answer));
    built.remarks.insert(built.remarks.begin(), question.remarks.begin(), question.remarks.end());
    return manifest_outcome(session, built, request.out);
}

}  // namespace genevactl::run
