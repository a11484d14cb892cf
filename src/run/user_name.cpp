// SPDX-License-Identifier: Apache-2.0
#include "user_name.hpp"

#include <pwd.h>
#include <unistd.h>

namespace genevactl::run {

std::string user_name(const base::Surroundings& surroundings) {
    for (const auto* name : {"LOGNAME", "USER", "LNAME", "USERNAME"}) {
        if (auto value = surroundings.variable(name)) {
            return *value;
        }
    }
    const auto* entry = getpwuid(getuid());
    return entry == nullptr ? std::to_string(getuid()) : entry->pw_name;
}

}  // namespace genevactl::run
