// SPDX-License-Identifier: Apache-2.0
#include "worker.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "version.hpp"

namespace genevactl::manifest {

namespace {

using base::ErrorKind;
using base::starts_with;
using std::string_view;

struct Platform {
    string_view name;  ///< a beginning if it ends with "_"
    string_view system;
    string_view machine;
};
/// uv's names of the platforms that workers can have.
constexpr std::array<Platform, 10> k_platforms = {{
    {"linux", "Linux", "x86_64"},
    {"x86_64-unknown-linux-gnu", "Linux", "x86_64"},
    {"aarch64-unknown-linux-gnu", "Linux", "aarch64"},
    {"x86_64-manylinux", "Linux", "x86_64"},
    {"aarch64-manylinux", "Linux", "aarch64"},
    {"macos", "Darwin", "arm64"},
    {"aarch64-apple-darwin", "Darwin", "arm64"},
    {"x86_64-apple-darwin", "Darwin", "x86_64"},
    {"windows", "Windows", "amd64"},
    {"x86_64-pc-windows-msvc", "Windows", "amd64"},
}};
constexpr string_view k_manylinux = "manylinux";

std::optional<int> number_in(string_view text) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return number;
}

/// The glibc that a tag asks for, 2.N: "manylinux_2_17" or one of the older names.
std::optional<int> glibc_of(string_view tag) {
    constexpr std::array<std::pair<string_view, int>, 3> k_older = {
        {{"manylinux1", 5}, {"manylinux2010", 12}, {"manylinux2014", 17}}};
    for (const auto& [name, minor] : k_older) {
        if (tag == name) {
            return minor;
        }
    }
    constexpr string_view k_begin = "manylinux_2_";
    return starts_with(tag, k_begin) ? number_in(tag.substr(k_begin.size())) : std::nullopt;
}

base::Status set_platform(const LockTarget& target, Worker& worker) {
    const string_view name = target.platform;
    for (const auto& platform : k_platforms) {
        const bool is_family = platform.name.ends_with(k_manylinux);
        if (is_family ? !starts_with(name, platform.name) : name != platform.name) {
            continue;
        }
        if (is_family) {
            worker.glibc = glibc_of(name.substr(name.find(k_manylinux)));
            if (!worker.glibc) {
                break;
            }
        }
        worker.system = platform.system;
        worker.machine = platform.machine;
        return {};
    }
    return base::fail(ErrorKind::usage,
                      fmt::format("{} is no platform that is known here", target.platform),
                      "one of linux, aarch64-unknown-linux-gnu, x86_64-manylinux_2_28, "
                      "aarch64-manylinux_2_28, macos, x86_64-apple-darwin, windows");
}

bool python_fits(string_view python, string_view abi, const Worker& worker) {
    const auto digits = python.size() > 3 ? number_in(python.substr(3)) : std::nullopt;
    const auto minor = number_in(worker.minor).value_or(0);
    if (starts_with(python, "py3") || python == "py3") {
        return abi == "none" && (python == "py3" || (digits && *digits <= minor));
    }
    if (!starts_with(python, "cp3") || !digits) {
        return false;
    }
    return abi == "abi3" ? *digits <= minor
                         : *digits == minor && (abi == "none" || abi == "cp3" + worker.minor);
}

bool platform_fits(string_view tag, const Worker& worker) {
    if (tag == "any") {
        return true;
    }
    if (worker.system == "Windows") {
        return tag == "win_" + worker.machine;
    }
    const bool of_machine = tag.ends_with("_" + worker.machine);
    if (worker.system == "Darwin") {
        return starts_with(tag, "macosx_") && (of_machine || tag.ends_with("_universal2"));
    }
    if (!of_machine) {
        return false;
    }
    const auto kind = tag.substr(0, tag.size() - worker.machine.size() - 1);
    if (kind == "linux") {
        return true;
    }
    const auto asked = glibc_of(kind);
    return asked && (!worker.glibc || *asked <= *worker.glibc);
}

}  // namespace

base::Result<Worker> worker_of(const LockTarget& target) {
    const auto version = parse_version(target.python_version);
    if (!version || version->release.size() < 2 || version->release.size() > 3 ||
        version->release.front() != "3") {
        return base::fail(ErrorKind::usage,
                          fmt::format("'{}' is no version of Python 3", target.python_version),
                          "say the workers' one, for example 3.11");
    }
    Worker worker;
    GENEVACTL_CHECK(set_platform(target, worker));
    worker.minor = version->release[1];
    const auto full = fmt::format("3.{}.{}", worker.minor,
                                  version->release.size() == 3 ? version->release[2] : "0");
    const bool is_linux = worker.system == "Linux";
    const bool is_windows = worker.system == "Windows";
    worker.markers.variables = {
        {"python_version", "3." + worker.minor},
        {"python_full_version", full},
        {"implementation_version", full},
        {"implementation_name", "cpython"},
        {"platform_python_implementation", "CPython"},
        {"os_name", is_windows ? "nt" : "posix"},
        {"sys_platform", is_linux     ? "linux"
                         : is_windows ? "win32"
                                      : "darwin"},
        {"platform_system", worker.system},
        {"platform_machine", is_windows ? "AMD64" : worker.machine},
        {"platform_release", ""},
        {"platform_version", ""},
    };
    worker.shown = fmt::format("Python {} on {}", target.python_version, target.platform);
    return worker;
}

bool fits(string_view wheel, const Worker& worker) {
    constexpr string_view k_ending = ".whl";
    constexpr std::size_t k_least = 5;  // NAME-VERSION[-BUILD]-PYTHON-ABI-PLATFORM
    if (!wheel.ends_with(k_ending)) {
        return false;
    }
    const auto parts = base::split(wheel.substr(0, wheel.size() - k_ending.size()), '-');
    if (parts.size() < k_least) {
        return false;
    }
    const auto tags = [&](std::size_t from_end) {
        return base::split(parts[parts.size() - from_end], '.');
    };
    const auto abis = tags(2);
    const auto platforms = tags(1);
    const bool platform =
        std::ranges::any_of(platforms, [&](const auto& tag) { return platform_fits(tag, worker); });
    return platform && std::ranges::any_of(tags(3), [&](const std::string& python) {
               return std::ranges::any_of(
                   abis, [&](const auto& abi) { return python_fits(python, abi, worker); });
           });
}

}  // namespace genevactl::manifest
