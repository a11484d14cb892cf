// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base_python.hpp"
#include "genevactl/base/error.hpp"
#include "genevactl/base/surroundings.hpp"
#include "genevactl/model/reporter.hpp"

namespace genevactl::local {

/// The environment variables that make uv look for packages where the lines of `pip config list`
/// say that pip does. Variables that `environment` has already, in either of uv's spellings, are
/// left alone. See docs/local.md for the table.
std::map<std::string, std::string> uv_variables(
    std::string_view pip_config, const std::map<std::string, std::string>& environment);

/// The text with "user:password@" taken out of every URL in it.
std::string without_url_credentials(std::string text);

/// Makes an environment and fills it, with uv if the machine has it (or else if pip can get it into
/// the new environment), or with pip.
class Installer {
public:
    Installer(const base::Surroundings& surroundings, model::Reporter& reporter,
              std::filesystem::path environment)
        : m_surroundings(surroundings),
          m_reporter(reporter),
          m_environment(std::move(environment)) {}

    /// Makes the virtual environment in its (existing) folder. Errors: failed with what to install
    /// when neither uv nor venv is there.
    base::Status make_environment(const BasePython& python);
    /// Installs the requirements; errors carry the installer's last lines in `detail`.
    base::Status install(const std::vector<std::string>& requirements);
    /// Installs a requirements file, as pip picks versions: the best one of all indexes.
    base::Status install_file(const std::filesystem::path& file);

    /// Another folder that may have uv, after PATH.
    void look_for_uv_in(std::filesystem::path folder) { m_uv_folder = std::move(folder); }
    /// What errors say to do, instead of what fits `local setup`.
    void set_hint(std::string hint) { m_hint = std::move(hint); }
    /// "uv" or "pip", once the environment is made.
    std::string name() const { return m_uv.empty() ? "pip" : "uv"; }

private:
    base::Result<std::string> find_uv();
    base::Result<bool> runs(const std::string& uv);
    std::vector<std::string> install_words(bool compile) const;
    base::Status get_uv();
    base::Status read_pip_config(const std::filesystem::path& python);
    base::Command command(std::vector<std::string> arguments) const;
    base::Status run(base::Command command, const std::string& what);
    std::filesystem::path interpreter() const { return m_environment / "bin" / "python"; }

    const base::Surroundings& m_surroundings;
    model::Reporter& m_reporter;
    std::filesystem::path m_environment;
    std::filesystem::path m_uv_folder = {};
    std::string m_hint =
        "see the installer's own words; it finds packages as your pip and uv settings say. Then "
        "run `genevactl local setup` again: what was downloaded is kept";
    std::string m_uv = {};  // empty: pip
    std::map<std::string, std::string> m_uv_environment = {};
    bool m_no_index = false;
};

}  // namespace genevactl::local
