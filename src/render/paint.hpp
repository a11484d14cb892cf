// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "genevactl/model/job.hpp"
#include "genevactl/model/outcome.hpp"

namespace genevactl::render {

/// The text in the colour of its tone (ECMA-48 SGR), or as it is without colour.
std::string paint(std::string_view text, model::Tone tone, bool color);

/// The tone a job's status is shown in.
model::Tone tone_of(model::JobStatus status);

/// A bar of `width` columns filled to done/total (clamped), in block characters.
std::string bar(long long done, long long total, int width);

}  // namespace genevactl::render
