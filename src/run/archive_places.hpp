// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>

#include "genevactl/base/error.hpp"
#include "genevactl/run/session.hpp"
#include "genevactl/storage/store.hpp"

namespace genevactl::run {

/// The folder in which archives lie, below whatever a deployment keeps its manifests in.
inline constexpr std::string_view k_uploads = "_geneva_uploads";

/// An archive of a manifest: the store that has it, and its key there.
struct Place {
    storage::Store* store = nullptr;
    std::string key;
};

/// The stores of a manifest's archives, each opened once.
class ArchivePlaces {
public:
    explicit ArchivePlaces(Session& session) : m_session(session) {}
    /// Errors: usage for a URI that is no archive's below `_geneva_uploads`, the only ones that
    /// workers take; failed where genevactl cannot look.
    base::Result<Place> of(const std::string& uri);

private:
    Session& m_session;
    std::map<std::string, std::unique_ptr<storage::Store>> m_stores;
};

}  // namespace genevactl::run
