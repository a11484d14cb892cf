// SPDX-License-Identifier: Apache-2.0
#include <system_error>

#include "genevactl/base/digest.hpp"
#include "genevactl/local/deployment.hpp"
#include "state.hpp"

namespace genevactl::local {
namespace {

constexpr std::size_t k_state_digits = 16;

/// Absolute, without links, dots and a slash at the end; of a URL (s3://…) only the slash goes.
std::filesystem::path canonical(const base::Surroundings& surroundings,
                                const std::filesystem::path& folder) {
    if (is_url(folder)) {
        auto text = folder.native();
        while (text.ends_with('/') && !text.ends_with("://"))
            text.pop_back();
        return text;
    }
    const auto absolute = surroundings.working_directory / folder;
    std::error_code error;
    auto path = std::filesystem::weakly_canonical(absolute, error);
    if (error) path = absolute.lexically_normal();
    return path.has_filename() || !path.has_parent_path() ? path : path.parent_path();
}

}  // namespace

bool is_url(const std::filesystem::path& folder) {
    return folder.native().find("://") != std::string::npos;
}

std::filesystem::path deployments_folder(const base::Surroundings& surroundings) {
    return surroundings.state_home() / "deployments";
}

Place place_of(const base::Surroundings& surroundings, RootKind kind,
               const std::filesystem::path& folder) {
    Place place{kind, canonical(surroundings, folder), {}};
    const std::string kind_name = kind == RootKind::root ? "root" : "database";
    const auto digest = base::sha256_hex(kind_name + "\n" + place.folder.native());
    place.state = deployments_folder(surroundings) / digest.substr(0, k_state_digits);
    return place;
}

std::filesystem::path default_root(const base::Surroundings& surroundings) {
    return surroundings.data_home() / "root";
}

}  // namespace genevactl::local
