// SPDX-License-Identifier: Apache-2.0
#include "genevactl/local/environment.hpp"

#include "base_python.hpp"
#include "genevactl/base/files.hpp"
#include "genevactl/base/try.hpp"
#include "installer.hpp"
#include "pins.hpp"

namespace genevactl::local {

base::Result<MadeEnvironment> make_environment(const base::Surroundings& surroundings,
                                               model::Reporter& reporter,
                                               const EnvironmentOrder& order) {
    GENEVACTL_TRY(const auto python, find_base_python(surroundings, order.python));
    Installer installer(surroundings, reporter, order.folder);
    installer.set_hint(order.hint);
    if (order.python) installer.look_for_uv_in(order.python->parent_path());
    GENEVACTL_CHECK(installer.make_environment(python));
    const auto file = order.folder / "requirements.txt";
    GENEVACTL_CHECK(base::write_atomic(file, order.requirements, 0600));
    GENEVACTL_CHECK(installer.install_file(file));
    return MadeEnvironment{.python = order.folder / "bin" / "python",
                           .version = python.version,
                           .installer = installer.name()};
}

std::string_view default_geneva() {
    return pinned_geneva();
}

}  // namespace genevactl::local
