// SPDX-License-Identifier: Apache-2.0
#include "trial_environment.hpp"

#include <utility>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/bridge/trial.hpp"
#include "genevactl/local/environment.hpp"

namespace genevactl::run {

namespace {

using base::ErrorKind;

base::Status check_can_be_made(const model::Manifest& manifest) {
    if ((!manifest.conda.empty() && manifest.conda != "{}") || manifest.conda_environment_path) {
        return base::fail(
            ErrorKind::failed,
            fmt::format("{} is a conda environment, which is not made here", manifest.name),
            "make it with conda itself, and name its Python with --python");
    }
    if (manifest.requirements_path) {
        return base::fail(
            ErrorKind::failed,
            fmt::format("{} names a requirements file ({}) instead of a list", manifest.name,
                        *manifest.requirements_path),
            "`genevactl manifest create pip NAME -r FILE` writes the list into the manifest");
    }
    return {};
}

void say_what_is_left_out(Session& session, const model::Manifest& manifest) {
    auto warn = [&](const std::string& what, const std::string& instead) {
        session.reporter().warn(what, instead);
    };
    if (manifest.carries_workspace()) {
        warn("the archives of the manifest are not loaded",
             "the modules of the working directory are used instead");
    }
    if (!manifest.py_modules.empty()) {
        warn("the manifest's Python modules are not loaded: " +
                 base::join(manifest.py_modules, ", "),
             "the modules of the working directory are used instead");
    }
    if (manifest.head_image || manifest.worker_image) {
        warn("the manifest's container images are not used", "this machine's Python is");
    }
}

/// The user's interpreter: the one with geneva, or else any; nothing where none is there.
base::Result<std::optional<bridge::Interpreter>> own_interpreter(Session& session) {
    if (auto found = session.interpreter()) return std::move(*found);
    const auto& python = session.settings().python;
    auto any = bridge::find_interpreter(session.surroundings(), python.value, python.origin.place);
    if (any) return std::move(*any);
    const bool named =
        python.value.has_value() || session.surroundings().variable("GENEVACTL_PYTHON").has_value();
    if (named) return base::fail(std::move(any).error());
    return std::nullopt;
}

base::Result<std::string> geneva_requirement(Session& session,
                                             const std::optional<bridge::Interpreter>& own) {
    std::string version;
    if (own) {
        GENEVACTL_TRY(version, bridge::geneva_version(session.surroundings(), *own));
    }
    return fmt::format("geneva=={}", version.empty() ? local::default_geneva() : version);
}

std::string requirements_file(const std::vector<std::string>& requirements,
                              const model::Manifest& manifest) {
    std::string text;
    for (const auto& url : manifest.pip_extra_index_urls) {
        text += "--extra-index-url " + url + "\n";
    }
    return text + base::join(requirements, "\n") + "\n";
}

/// The environment of programs that run in it, as its `activate` would make it.
base::Surroundings inside(const base::Surroundings& surroundings,
                          const std::filesystem::path& folder, const model::Manifest& manifest) {
    auto result = surroundings;
    for (const auto& [name, value] : manifest.env_vars) {
        result.environment[name] = value;
    }
    result.environment["VIRTUAL_ENV"] = folder.string();
    result.environment["PATH"] =
        (folder / "bin").string() + ":" + surroundings.variable("PATH").value_or("");
    result.environment.erase("PYTHONHOME");
    result.environment["PYTHONPATH"] = manifest.env_vars.contains("PYTHONPATH")
                                           ? manifest.env_vars.at("PYTHONPATH")
                                           : std::string();
    return result;
}

}  // namespace

base::Result<TrialEnvironment> make_trial_environment(Session& session,
                                                      const model::ManifestDocument& document) {
    const auto& manifest = document.manifest;
    GENEVACTL_CHECK(check_can_be_made(manifest));
    GENEVACTL_TRY(const auto own, own_interpreter(session));
    TrialEnvironment made;
    GENEVACTL_TRY(auto geneva, geneva_requirement(session, own));
    made.requirements.push_back(std::move(geneva));
    made.requirements.insert(made.requirements.end(), manifest.pip.begin(), manifest.pip.end());
    say_what_is_left_out(session, manifest);
    session.reporter().note(fmt::format("installing into a throw-away environment: {}",
                                        base::join(made.requirements, ", ")));
    GENEVACTL_TRY(made.folder, base::TemporaryDirectory::create("genevactl-try-"));
    local::EnvironmentOrder order{
        .folder = made.folder->path(),
        .requirements = requirements_file(made.requirements, manifest),
        .hint = "see the installer's own words; workers would fail in the same way"};
    if (own) order.python = own->executable;
    auto environment = local::make_environment(session.surroundings(), session.reporter(), order);
    session.reporter().finish();
    if (!environment) {
        return base::fail(
            std::move(environment)
                .error()
                .while_doing(fmt::format("making the environment of manifest {}", manifest.name)));
    }
    made.interpreter = {environment->python, "the manifest's environment"};
    made.python = environment->version;
    made.installer = environment->installer;
    made.surroundings = inside(session.surroundings(), order.folder, manifest);
    return made;
}

}  // namespace genevactl::run
