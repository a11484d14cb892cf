// SPDX-License-Identifier: Apache-2.0
#include "paint.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace genevactl::render {

using model::JobStatus;
using model::Tone;

namespace {

std::string_view code_of(Tone tone) {
    switch (tone) {
        case Tone::strong:
            return "1";
        case Tone::dim:
            return "2";
        case Tone::good:
            return "32";
        case Tone::bad:
            return "31";
        case Tone::caution:
            return "33";
        case Tone::plain:
            break;
    }
    return "";
}

}  // namespace

std::string paint(std::string_view text, Tone tone, bool color) {
    const auto code = code_of(tone);
    if (!color || code.empty() || text.empty()) {
        return std::string(text);
    }
    return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

Tone tone_of(JobStatus status) {
    switch (status) {
        case JobStatus::done:
            return Tone::good;
        case JobStatus::failed:
            return Tone::bad;
        case JobStatus::cancelled:
            return Tone::caution;
        case JobStatus::running:
            return Tone::strong;
        case JobStatus::pending:
        case JobStatus::unknown:
            break;
    }
    return Tone::plain;
}

std::string bar(long long done, long long total, int width) {
    const double share =
        total > 0 ? std::clamp(static_cast<double>(done) / static_cast<double>(total), 0.0, 1.0)
                  : 0.0;
    const int filled = static_cast<int>(share * width);
    std::string text;
    for (int i = 0; i < width; ++i) {
        text += i < filled ? "█" : "░";
    }
    return text;
}

}  // namespace genevactl::render
