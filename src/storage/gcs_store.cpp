// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "stores.hpp"

namespace genevactl::storage {

base::Result<std::unique_ptr<Store>> gcs_store(Place place, StoreOptions /*options*/, Vend /*vend*/,
                                               const StoreContext& /*context*/) {
    return base::fail(base::ErrorKind::failed,
                      fmt::format("the deployment keeps its files in {}, which genevactl cannot "
                                  "write to yet",
                                  place.uri_of("")),
                      "write the archives with --no-upload and copy them there");
}

}  // namespace genevactl::storage
