// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "genevactl/base/error.hpp"
#include "genevactl/run/session.hpp"

namespace genevactl::run {

/// What a word of a command line may name.
enum class NameKind : std::uint8_t { table, view, column, job, profile, manifest, setting };

struct WantedNames {
    std::vector<NameKind> kinds;
    std::string table = {};   ///< whose columns
    std::string prefix = {};  ///< the word as far as it is typed
};

struct FoundName {
    std::string name;
    std::string about = {};  ///< a few words, or nothing
};

/// The names that begin with the prefix. Nothing is started and no program is run (no
/// api_key_command: it may ask for a password); what cannot be had is left out without a word. The
/// caller limits the session's time: what was found by then is the answer.
std::vector<FoundName> complete_names(Session& session, const WantedNames& wanted);

}  // namespace genevactl::run
