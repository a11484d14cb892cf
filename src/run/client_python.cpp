// SPDX-License-Identifier: Apache-2.0
#include "client_python.hpp"

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/bridge/bridge.hpp"

namespace genevactl::run {

base::Result<std::string> client_python(Session& session, std::string_view option,
                                        std::string_view doing) {
    auto interpreter = session.interpreter();
    if (!interpreter) {
        return base::fail(
            base::ErrorKind::usage,
            "nothing says which Python the workers have: no interpreter with geneva "
            "was found",
            fmt::format("say it: {} 3.11 (client and workers need the same one)", option));
    }
    base::Command command{.arguments = {interpreter->executable.string(), "-I", "-S", "-c",
                                        "import sys; print('%d.%d' % sys.version_info[:2])"}};
    GENEVACTL_TRY(const auto result, session.surroundings().process->run(command));
    const std::string version(base::trim(result.output));
    if (result.exit_code != 0 || version.empty()) {
        return base::fail(
            base::ErrorKind::failed,
            fmt::format("{} did not say its version", interpreter->executable.string()),
            fmt::format("say it: {} 3.11", option));
    }
    session.reporter().note(
        fmt::format("{} for Python {} ({})", doing, version, interpreter->executable.string()));
    return version;
}

}  // namespace genevactl::run
