// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <csignal>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include <sys/time.h>
#include <unistd.h>

#include "genevactl/base/clock.hpp"
#include "genevactl/base/process.hpp"
#include "genevactl/base/surroundings.hpp"
#include "genevactl/cli/cli.hpp"

namespace {

/// A shell waits while a word is completed: it gets the names within a second, or none. What asks
/// for them keeps that time itself; this is for what cannot be hurried (a dead network file
/// system).
void limit_completion(int argc, char** argv) {
    if (argc > 1 && argv[1] == std::string_view("__complete")) {
        std::signal(SIGALRM, [](int) { _exit(0); });
        const itimerval second{.it_interval = {}, .it_value = {.tv_sec = 0, .tv_usec = 950'000}};
        setitimer(ITIMER_REAL, &second, nullptr);
    }
}

}  // namespace

int main(int argc, char** argv) {
    std::ios::sync_with_stdio(false);
    std::signal(SIGPIPE, SIG_IGN);
    limit_completion(argc, argv);
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
