// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "genevactl/base/error.hpp"
#include "genevactl/namespace/client.hpp"

namespace genevactl::run {

/// What the registrations of a deployment refer to.
struct References {
    std::set<std::string, std::less<>> archives;   ///< file names
    std::set<std::string, std::less<>> checksums;  ///< of the manifests that were seen
    std::size_t tables = 0;
    bool default_is_known = false;  ///< the deployment tells of its default manifest

    /// Takes in every name of an archive and every digest in a text, whatever the text is: what is
    /// seen too much is kept, what is overlooked would be deleted.
    void add(std::string_view text);
};

/// Reads every table and view of the database and of all namespaces below it, its named manifests
/// and its default manifest. An error as soon as one of them cannot be read.
base::Result<References> references_of(ns::Client& client);

}  // namespace genevactl::run
