// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace genevactl::manifest {

/// What a line of a requirements file may ask of pip.
enum class LineOption {
    index_url,
    extra_index_url,
    no_index,
    constraint,
    requirement,
    editable,
    find_links,
    no_binary,
    only_binary,
    prefer_binary,
    require_hashes,
    no_require_hashes,
    pre,
    all_releases,
    only_final,
    trusted_host,
    use_feature,
    hash,
    config_settings,
};

/// An option with its value (empty for a flag) and its long name.
struct OptionWord {
    LineOption option;
    std::string_view name;
    std::string value;
};

/// A line cut in two, as pip does it: what comes before the first word that starts with `-`, and
/// the options from there on.
struct SplitLine {
    std::string requirement;
    std::string options;
};
SplitLine split_line(std::string_view line);

/// The words of a line as a POSIX shell would have them, or nothing when a quote is not closed
/// (Python's shlex.split).
std::optional<std::vector<std::string>> shell_words(std::string_view text);

/// Reads options as pip's own parser does: `--name value`, `--name=value`, `-rVALUE`, unambiguous
/// beginnings of long names. The error is a sentence.
tl::expected<std::vector<OptionWord>, std::string> parse_options(std::string_view text);

}  // namespace genevactl::manifest
