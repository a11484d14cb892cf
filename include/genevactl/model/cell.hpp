// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace genevactl::model {

/// How a cell or line is meant; render decides what that looks like.
enum class Tone : std::uint8_t { plain, strong, dim, good, bad, caution };

struct Cell {
    std::string text;
    Tone tone = Tone::plain;
};

}  // namespace genevactl::model
