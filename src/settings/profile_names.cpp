// SPDX-License-Identifier: Apache-2.0
#include "genevactl/settings/profile_names.hpp"

#include <algorithm>

#include "genevactl/base/try.hpp"
#include "profiles.hpp"

namespace genevactl::settings {

base::Result<std::vector<std::string>> profile_names(const base::Surroundings& surroundings) {
    GENEVACTL_TRY(const auto profiles, read_profiles(surroundings));
    auto names = profiles.names();
    std::ranges::sort(names);
    return names;
}

}  // namespace genevactl::settings
