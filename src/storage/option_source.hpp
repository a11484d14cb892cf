// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>

#include "genevactl/storage/options.hpp"

namespace genevactl::storage {

using Options = std::shared_ptr<const StoreOptions>;

/// The options that count now. They are vended anew when little of their time is left: five
/// minutes, or a quarter of the time that they had when they came, if that is less. For several
/// threads at once; `clock` outlives it.
class OptionSource {
public:
    OptionSource(StoreOptions first, Vend vend, base::Clock& clock);

    /// An error only if they have expired and could not be vended anew.
    base::Result<Options> current();
    /// Others than `stale`, which the store says have expired; nothing if there is no way to get
    /// any.
    base::Result<Options> instead_of(const Options& stale);

private:
    base::Status renew();
    void take(StoreOptions options);
    bool is_old() const;

    std::mutex m_mutex;
    Options m_options;
    Vend m_vend;
    base::Clock& m_clock;
    std::optional<base::WallTime> m_renew_at;
};

}  // namespace genevactl::storage
