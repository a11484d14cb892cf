// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <csignal>
#include <iostream>
#include <string>
#include <vector>

#include "genevactl/base/clock.hpp"
#include "genevactl/base/process.hpp"
#include "genevactl/base/surroundings.hpp"
#include "genevactl/cli/cli.hpp"

int main(int argc, char** argv) {
    std::ios::sync_with_stdio(false);
    std::signal(SIGPIPE, SIG_IGN);
    const auto& interrupt = genevactl::base::install_signal_handlers();
    genevactl::base::SystemClock clock(interrupt);
    genevactl::base::SystemProcessRunner process(interrupt);
    auto surroundings = genevactl::base::surroundings_of_process();
    surroundings.clock = &clock;
    surroundings.process = &process;
    surroundings.interrupt = &interrupt;
    surroundings.input = &std::cin;
    const std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
    return genevactl::cli::run(arguments, surroundings, std::cout, std::cerr);
}
