// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/storage/open.hpp"
#include "stores.hpp"

namespace genevactl::storage {

base::Result<std::unique_ptr<Store>> open_store(const std::string& location, StoreOptions options,
                                                Vend vend, const StoreContext& context) {
    GENEVACTL_TRY(const auto folder, folder_of(location));
    if (folder) {
        return folder_store(*folder, location);
    }
    const auto scheme = base::lower(location.substr(0, location.find("://")));
    using Make = decltype(&s3_store);
    Make make = nullptr;
    if (scheme == "s3" || scheme == "s3a") {
        make = &s3_store;
    } else if (scheme == "gs" || scheme == "gcs") {
        make = &gcs_store;
    } else if (scheme == "az" || scheme == "azure" || scheme == "abfs" || scheme == "abfss") {
        make = &azure_store;
    } else {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("the deployment keeps its files in {}, which genevactl "
                                      "cannot write to",
                                      base::printable(location)),
                          "genevactl knows folders and file:, s3:, gs: and az:; write the archives "
                          "with --no-upload and copy them there");
    }
    GENEVACTL_TRY(auto place, parse_place(location));
    return make(std::move(place), std::move(options), std::move(vend), context);
}

}  // namespace genevactl::storage
