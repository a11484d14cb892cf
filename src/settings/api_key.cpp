// SPDX-License-Identifier: Apache-2.0
#include <chrono>

#include <fmt/format.h>

#include "genevactl/base/try.hpp"
#include "genevactl/settings/settings.hpp"
#include "values.hpp"

namespace genevactl::settings {

namespace {

using base::ErrorKind;

/// Long enough for a person to unlock a password store.
constexpr auto k_longest = std::chrono::minutes(2);
constexpr std::size_t k_largest_key = 64 * 1024;

base::Result<base::Secret> key_of_command(const base::Surroundings& surroundings,
                                          const Setting<std::optional<std::string>>& setting) {
    base::Command command;
    command.arguments = {"/bin/sh", "-c", *setting.value};
    command.working_directory = surroundings.working_directory;
    command.environment = surroundings.environment;
    command.inherit_stderr = true;
    command.timeout = k_longest;
    command.output_limit = k_largest_key;
    const auto place = fmt::format("api_key_command ({})", setting.origin.place);
    auto result = surroundings.process->run(command);
    if (!result) {
        return base::fail(std::move(result).error().while_doing("running the " + place));
    }
    if (result->exit_code != 0) {
        return base::fail(ErrorKind::unauthenticated,
                          fmt::format("the {} ended with status {}", place, result->exit_code),
                          "run it by hand: it should print the key and nothing else");
    }
    auto key = read_secret(result->output, place);
    if (!key) {
        return base::fail(ErrorKind::unauthenticated, key.error().message,
                          "run it by hand: it should print the key and nothing else");
    }
    return key;
}

}  // namespace

base::Result<std::optional<base::Secret>> api_key_of(const base::Surroundings& surroundings,
                                                     const Settings& settings) {
    GENEVACTL_CHECK(check_key_may_go(settings));
    if (settings.api_key.value || !settings.api_key_command.value) {
        return settings.api_key.value;
    }
    GENEVACTL_TRY(auto key, key_of_command(surroundings, settings.api_key_command));
    return std::optional(std::move(key));
}

}  // namespace genevactl::settings
