// SPDX-License-Identifier: Apache-2.0
#include "archive_places.hpp"

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"

namespace genevactl::run {

using base::ErrorKind;

base::Result<Place> ArchivePlaces::of(const std::string& uri) {
    const auto slash = uri.rfind('/');
    const auto folder = uri.substr(0, slash == std::string::npos ? 0 : slash);
    auto key = slash == std::string::npos ? "" : uri.substr(slash + 1);
    if (key.empty() || !folder.ends_with(fmt::format("/{}", k_uploads))) {
        return base::fail(ErrorKind::usage,
                          fmt::format("{}: no archive below {}/", base::printable(uri), k_uploads),
                          "workers take no other archives");
    }
    auto& store = m_stores[folder];
    if (!store) {
        GENEVACTL_TRY(const auto path, storage::folder_of(folder));
        if (!path) {
            return base::fail(ErrorKind::failed,
                              fmt::format("{}: genevactl cannot look there yet", uri));
        }
        store = storage::folder_store(*path, folder);
    }
    return Place{.store = store.get(), .key = std::move(key)};
}

}  // namespace genevactl::run
