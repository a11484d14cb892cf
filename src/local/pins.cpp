// SPDX-License-Identifier: Apache-2.0
#include "pins.hpp"

#include "genevactl/base/digest.hpp"
#include "genevactl/base/text.hpp"

namespace genevactl::local {
namespace {

constexpr std::string_view k_new = "python_version >= '3.11'";
constexpr std::string_view k_old = "python_version < '3.11'";

}  // namespace

const std::vector<Pin>& pins() {
    static const std::vector<Pin> k_pins = {
        {"geneva==0.17.0", "", "the engine and the client"},
        {"lancedb==0.40.0", "", "geneva needs it; the versions must fit each other"},
        {"pylance==14.0.2", "", "geneva needs it; serves the tables (RestAdapter)"},
        {"lance-namespace==0.13.0", "", "geneva needs it"},
        {"lance-namespace-urllib3-client==0.13.0", "", "the models that requests are checked with"},
        {"ray[default]==2.60.0", "", "geneva needs it; runs the jobs, with the Jobs API"},
        {"pyarrow==26.0.1", k_new, "geneva needs it"},
        {"pyarrow==25.0.1", k_old, "the last with Python 3.10"},
        {"numpy==2.4.6", k_new, "geneva needs it"},
        {"numpy==2.2.6", k_old, "the last with Python 3.10"},
        {"aiohttp==3.14.5", "", "geneva needs it; the control plane serves with it"},
        {"pydantic==2.14.3", "", "under the models"},
        {"tomli==2.2.1", k_old, "reads deployment.toml where Python cannot"},
    };
    return k_pins;
}

std::vector<std::string> pinned_requirements() {
    std::vector<std::string> requirements;
    for (const auto& pin : pins()) {
        std::string requirement(pin.requirement);
        if (!pin.marker.empty()) requirement.append("; ").append(pin.marker);
        requirements.push_back(std::move(requirement));
    }
    return requirements;
}

std::string pins_digest() {
    return base::sha256_hex(base::join(pinned_requirements(), "\n"));
}

std::string_view pinned_geneva() {
    const auto requirement = pins().front().requirement;
    return requirement.substr(requirement.find("==") + 2);
}

}  // namespace genevactl::local
