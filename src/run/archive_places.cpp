// SPDX-License-Identifier: Apache-2.0
#include "archive_places.hpp"

#include <fmt/format.h>

#include "capture_steps.hpp"
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
        if (path) {
            store = storage::folder_store(*path, folder);
        } else {
            // Only the deployment knows how to reach an object store: its own place.
            GENEVACTL_TRY(auto uploads, upload_place(m_session, {}));
            if (uploads->uri_of(key) != uri) {
                return base::fail(ErrorKind::failed,
                                  fmt::format("{}: the deployment's archives lie in {}",
                                              base::printable(uri), uploads->uri_of("")),
                                  "name the deployment that has it with --uri or LANCEDB_URI");
            }
            store = std::move(uploads);
        }
    }
    return Place{.store = store.get(), .key = std::move(key)};
}

}  // namespace genevactl::run
