// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "genevactl/manifest/diff.hpp"

namespace genevactl::manifest {

using Texts = std::vector<std::string>;

/// What is only in `before` and only in `after`, each as often as it is more there, in order.
struct Leftovers {
    Texts before;
    Texts after;
};
Leftovers leftovers_of(const Texts& before, const Texts& after);

/// Adds the changes of a list of requirements.
void diff_requirements(const std::string& list, const Texts& before, const Texts& after,
                       Difference& difference);
/// Adds an entry for each text that is only on one side, or one for another order.
void diff_list(const std::string& field, const Texts& before, const Texts& after,
               Difference& difference);
void diff_conda(const std::string& before, const std::string& after, Difference& difference);

}  // namespace genevactl::manifest
