// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace genevactl::capture {

/// What an ignore file says of a path.
struct IgnoreVerdict {
    bool ignored;        ///< false: a pattern with "!" takes it in again
    std::string origin;  ///< ".gitignore:3: *.log"
};

/// The patterns of one ignore file, in the format of gitignore(5).
class IgnoreFile {
public:
    /// `name` is what messages call it; `base` the folder that it stands in, below the folder that
    /// paths are relative to: "" or "a/b/".
    IgnoreFile(std::string name, std::string base, std::string_view text);
    /// Patterns that came from the command line, numbered from 1.
    static IgnoreFile from_patterns(std::string name, std::string base,
                                    const std::vector<std::string>& patterns);

    /// The verdict of the last pattern that matches `path` (relative to the root, no slash at its
    /// end), or nothing. A parent folder's verdict is not looked at: the caller does not enter what
    /// is ignored.
    std::optional<IgnoreVerdict> match(std::string_view path, bool is_directory) const;
    /// Which patterns may_match_below() asks.
    enum class Which : std::uint8_t { all, anchored };
    /// Could a pattern match something below this folder? False only if none can.
    bool may_match_below(std::string_view directory, Which which = Which::all) const;
    bool empty() const { return m_patterns.empty(); }

private:
    struct Pattern {
        std::string written;
        std::string glob;
        int line = 0;
        bool negated = false;
        bool directories_only = false;
        bool anchored = false;  ///< has a slash: matched against the path, not the last name
    };
    IgnoreFile(std::string name, std::string base);
    void add(std::string_view written, int line);

    std::string m_name;
    std::string m_base;
    std::vector<Pattern> m_patterns;
};

}  // namespace genevactl::capture
