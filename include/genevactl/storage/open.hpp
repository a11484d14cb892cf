// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "genevactl/base/clock.hpp"
#include "genevactl/base/error.hpp"
#include "genevactl/storage/options.hpp"
#include "genevactl/storage/store.hpp"
#include "genevactl/transport/transport.hpp"

namespace genevactl::storage {

/// What stores use beside their options. The references outlive the store.
struct StoreContext {
    transport::Transport& transport;
    base::Clock& clock;
    const base::Interrupt& interrupt;
    /// A private folder that outlives the command, where a store may keep how to go on with a
    /// killed upload; made when it is needed.
    std::filesystem::path state;
    base::Microseconds stall = std::chrono::seconds(60);  ///< how long a large transfer may pause
    unsigned threads = 4;                                 ///< parts of one object sent at once
};

/// The store of a location, by its scheme: a plain path or `file:`, `s3:`, `gs:`, `az:`/`abfss:`.
/// Nothing is sent. `vend` gives fresh options before these expire, and when the store says that
/// they have; it may be empty. Errors: usage for any other scheme, failed for options that lack
/// what the scheme needs.
base::Result<std::unique_ptr<Store>> open_store(const std::string& location, StoreOptions options,
                                                Vend vend, const StoreContext& context);

}  // namespace genevactl::storage
