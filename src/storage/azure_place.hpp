// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "genevactl/base/error.hpp"
#include "genevactl/base/secret.hpp"
#include "genevactl/storage/options.hpp"
#include "place.hpp"

namespace genevactl::storage {

/// The URL of a container: "https://ACCOUNT.blob.core.windows.net/CONTAINER". The place is
/// az://CONTAINER/… or abfss://CONTAINER@ACCOUNT.dfs.core.windows.net/…; the account is the one of
/// the place, else azure_storage_account_name; azure_storage_endpoint (azure_endpoint, endpoint)
/// replaces the host, as Lance reads them. Error failed if there is no account.
base::Result<std::string> azure_container_url(const Place& place, const StoreOptions& options);

/// The shared access signature (azure_storage_sas_token) as a query, its values percent-encoded
/// whether or not they were. Error failed if there is none.
base::Result<base::Secret> azure_signature(const StoreOptions& options);

}  // namespace genevactl::storage
