// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/model/names.hpp"
#include "genevactl/namespace/client.hpp"

namespace genevactl::run {

/// The tables in a namespace, and with `recursive` those of all namespaces below it. The engine's
/// own namespace is passed over unless it is `parent`. A database of a local deployment is a folder
/// that its first table makes: before that it is empty, not missing; any other namespace that is
/// not there is an error.
base::Status collect_tables(ns::Client& client, const model::ObjectId& parent, bool recursive,
                            std::vector<model::ObjectId>& found);

}  // namespace genevactl::run
