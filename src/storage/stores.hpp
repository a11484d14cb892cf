// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "genevactl/storage/open.hpp"
#include "place.hpp"

/// The stores that open_store() chooses from; its comment holds for each.
namespace genevactl::storage {

base::Result<std::unique_ptr<Store>> s3_store(Place place, StoreOptions options, Vend vend,
                                              const StoreContext& context);
base::Result<std::unique_ptr<Store>> gcs_store(Place place, StoreOptions options, Vend vend,
                                               const StoreContext& context);
base::Result<std::unique_ptr<Store>> azure_store(Place place, StoreOptions options, Vend vend,
                                                 const StoreContext& context);

}  // namespace genevactl::storage
