// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace genevactl::capture {

/// The paths of a RECORD file: the first field of each line of CSV (RFC 4180 quoting), with "." and
/// ".." taken out as far as they stay below the folder; those that leave it are passed over.
std::vector<std::string> paths_of_record(std::string_view text);

/// The `MAPPING` of a setuptools editable finder: import name and place. Nothing if the text has no
/// such table that can be read without running it.
struct Mapping {
    std::string package;
    std::string location;
};
std::vector<Mapping> mapping_of_finder(std::string_view text);

}  // namespace genevactl::capture
