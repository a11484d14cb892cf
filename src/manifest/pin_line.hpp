// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace genevactl::manifest {

/// A line of a manifest's list as pin sees it.
struct PinLine {
    enum class Kind : std::uint8_t { nothing, option, requirement, url };

    Kind kind = Kind::nothing;
    std::string text;     ///< without comment and options of its own
    std::string options;  ///< what follows a requirement: " --config-settings=…"
};
PinLine pin_line(std::string_view line);

/// The file in which uv gets the requirement: "3.in".
std::string pin_file(std::size_t index);

}  // namespace genevactl::manifest
