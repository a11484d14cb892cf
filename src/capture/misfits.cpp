// SPDX-License-Identifier: Apache-2.0
#include "misfits.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"

namespace genevactl::capture {

namespace {

std::string machine_of(const Target& target) {
    const auto underscore = target.platform.find('_');
    return underscore == std::string::npos ? "" : target.platform.substr(underscore + 1);
}

/// 311 of "cp311" or "3.11", or nothing.
std::optional<int> version_number(std::string_view text) {
    std::string digits;
    std::ranges::copy_if(text, std::back_inserter(digits),
                         [](char c) { return c >= '0' && c <= '9'; });
    int number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return error == std::errc() ? std::optional(number) : std::nullopt;
}

bool python_fits(std::string_view python, std::string_view abi, const Target& target) {
    const auto wanted = version_number(target.python);
    for (const auto& one : base::split(python, '.')) {
        if (base::starts_with(one, "py")) {
            const auto version = version_number(one);
            if (one == "py3" || (version && wanted && *version >= 30 && *version <= *wanted)) {
                return true;
            }
        }
        const auto version = base::starts_with(one, "cp") ? version_number(one) : std::nullopt;
        if (version && wanted && (*version == *wanted || (abi == "abi3" && *version <= *wanted))) {
            return true;
        }
    }
    return false;
}

bool platform_fits(std::string_view platforms, const Target& target) {
    const auto machine = "_" + machine_of(target);
    return std::ranges::any_of(base::split(platforms, '.'), [&](const std::string& platform) {
        const bool linux =
            base::starts_with(platform, "manylinux") || base::starts_with(platform, "linux");
        return platform == "any" || (linux && platform.ends_with(machine));
    });
}

}  // namespace

std::optional<std::string> misfit_of_module(Looks looks, const Target& target) {
    const auto built_for = [&](std::string_view what) {
        return fmt::format("built for {}, the workers are {}", what, target.platform);
    };
    const auto machine = machine_of(target);
    switch (looks) {
        case Looks::mach_o:
            return built_for("macOS");
        case Looks::pe:
            return built_for("Windows");
        case Looks::elf_x86_64:
            return machine == "x86_64" ? std::nullopt : std::optional(built_for("x86_64"));
        case Looks::elf_aarch64:
            return machine == "aarch64" ? std::nullopt : std::optional(built_for("aarch64"));
        case Looks::elf_other:
            return built_for("another machine");
        case Looks::ordinary:
        case Looks::private_key:
        case Looks::token:
        case Looks::plan:
            break;
    }
    return std::nullopt;
}

std::optional<std::string> misfit_of_tags(const std::vector<std::string>& tags,
                                          const Target& target) {
    const auto fits = [&](const std::string& tag) {
        const auto parts = base::split(tag, '-');
        return parts.size() != 3 ||
               (python_fits(parts[0], parts[1], target) && platform_fits(parts[2], target));
    };
    if (tags.empty() || std::ranges::any_of(tags, fits)) {
        return std::nullopt;
    }
    return fmt::format("its wheel is for {}, the workers are {} with Python {}", tags.front(),
                       target.platform, target.python);
}

}  // namespace genevactl::capture
