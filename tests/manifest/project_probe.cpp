// SPDX-License-Identifier: Apache-2.0
// Reads project files as the program does: the path of a folder a line, "ok" or the error a line.
#include <iostream>

#include "genevactl/project/file.hpp"

int main() {
    using namespace genevactl;
    for (std::string folder; std::getline(std::cin, folder);) {
        base::Surroundings surroundings;
        surroundings.working_directory = folder;
        surroundings.environment = {{"HOME", folder}};
        const auto file = project::load(surroundings);
        std::cout << (file ? "ok" : file.error().message) << std::endl;
    }
}
