// SPDX-License-Identifier: Apache-2.0
#include "genevactl/local/leftovers.hpp"

#include <algorithm>
#include <system_error>

#include "processes.hpp"
#include "state.hpp"

namespace genevactl::local {

std::vector<Place> leftovers(const base::Surroundings& surroundings) {
    SystemProcesses processes;
    std::vector<Place> found;
    std::error_code error;
    std::filesystem::directory_iterator folders(deployments_folder(surroundings), error);
    for (; !error && folders != std::filesystem::directory_iterator(); folders.increment(error)) {
        const auto file = read_endpoint_file(folders->path());
        if (file && *file && !processes.alive((*file)->process)) {
            found.push_back({(*file)->kind, (*file)->root, folders->path()});
        }
    }
    std::ranges::sort(found, {}, &Place::folder);
    return found;
}

}  // namespace genevactl::local
