// SPDX-License-Identifier: Apache-2.0
#include "genevactl/model/decision.hpp"

namespace genevactl::model {

std::string_view name_of(ManifestOrigin origin) {
    switch (origin) {
        case ManifestOrigin::override_:
            return "override";
        case ManifestOrigin::pinned:
            return "pinned";
        case ManifestOrigin::view_snapshot:
            return "view-snapshot";
        case ManifestOrigin::deployment_default:
            return "deployment-default";
        case ManifestOrigin::none:
            return "none";
    }
    return "none";
}

}  // namespace genevactl::model
