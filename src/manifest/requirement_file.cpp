// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "default_index.hpp"
#include "genevactl/base/files.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "installable.hpp"
#include "option_words.hpp"
#include "requirement_list.hpp"
#include "text_file.hpp"

namespace genevactl::manifest {

namespace {

using base::ErrorKind;
using base::fail;
using base::Status;
using std::string_view;
namespace fs = std::filesystem;

/// More than anybody has; a set of files that include each other twice over would otherwise grow
/// without end.
constexpr std::size_t k_deepest_include = 32;
constexpr std::size_t k_most_files = 1000;
constexpr std::size_t k_largest_file = std::size_t{16} << 20U;

enum class FileKind { requirements, constraints };

/// What to do instead of an option that a manifest cannot carry.
struct Instead {
    LineOption option;
    string_view hint;
};
constexpr std::array<Instead, 4> k_refused = {{
    {LineOption::index_url,
     "take the line out and say --env PIP_INDEX_URL=URL, or add the index with --extra-index-url"},
    {LineOption::no_index,
     "take the line out: without an index the workers would not find geneva itself"},
    {LineOption::use_feature, "take the line out and say --env PIP_USE_FEATURE=NAME"},
    {LineOption::editable,
     "put it where workers can download it and write `NAME @ https://…` or `NAME @ git+https://…`, "
     "or leave it out: modules of the workspace travel with the transform"},
}};

/// Reads files into a list; remembers which files it is in the middle of.
class FileReader {
public:
    explicit FileReader(RequirementList& list) : m_list(list) {}

    /// Reads a file unless one of those that are being read is the same.
    Status enter(const fs::path& file, FileKind kind) {
        std::error_code ignored;
        auto identity = fs::weakly_canonical(file, ignored);
        if (std::find(m_open.begin(), m_open.end(), identity) != m_open.end()) {
            return fail(ErrorKind::usage, fmt::format("{} includes itself", file.native()),
                        "take one include out");
        }
        if (m_open.size() == k_deepest_include) {
            return fail(ErrorKind::usage,
                        fmt::format("{}: files include each other more than {} deep", file.native(),
                                    k_deepest_include));
        }
        m_open.push_back(std::move(identity));
        auto status = read(file, kind);
        m_open.pop_back();
        return status;
    }

private:
    struct Line {
        const fs::path& file;
        std::string where;
        FileKind kind;
    };

    Status read(const fs::path& file, FileKind kind) {
        if (++m_files > k_most_files) {
            return fail(ErrorKind::usage, fmt::format("{}: more than {} files are included",
                                                      file.native(), k_most_files));
        }
        GENEVACTL_TRY(const auto bytes, base::read_file(file, k_largest_file));
        GENEVACTL_TRY(const auto text, decode_text(bytes, file.native()));
        for (const auto& line : logical_lines(text)) {
            const Line place{file, fmt::format("{}:{}", file.native(), line.number), kind};
            GENEVACTL_CHECK(read_line(place, line.text));
        }
        return {};
    }

    Status read_line(const Line& line, const std::string& text) {
        const auto split = split_line(text);
        auto options = parse_options(split.options);
        if (!options) {
            return fail(ErrorKind::usage, fmt::format("{}: {}", line.where, options.error()));
        }
        if (!split.requirement.empty()) {
            return read_requirement(line, split.requirement, *options);
        }
        const auto includes =
            std::count_if(options->begin(), options->end(), [](const OptionWord& word) {
                return word.option == LineOption::requirement ||
                       word.option == LineOption::constraint;
            });
        if (includes > 0 && options->size() > 1) {
            return fail(ErrorKind::usage,
                        fmt::format("{}: -r and -c stand alone on a line", line.where),
                        "pip reads only the first of them and nothing else of the line");
        }
        for (const auto& option : *options) {
            GENEVACTL_CHECK(read_option(line, option));
        }
        return {};
    }

    Status read_requirement(const Line& line, const std::string& requirement,
                            const std::vector<OptionWord>& options) {
        auto parsed = check_installable(requirement, line.where);
        if (!parsed) {
            return fail(std::move(parsed).error());
        }
        ListedLine listed{requirement, line.where, std::move(*parsed)};
        const auto named =
            fmt::format("{}: {}", line.where, listed.parsed ? listed.parsed->name : "the URL");
        bool hashed = false;
        for (const auto& option : options) {
            if (option.option == LineOption::hash) {
                hashed = true;
            } else if (option.option == LineOption::config_settings) {
                listed.text += " --config-settings=" + base::shell_quote(option.value);
            } else {
                m_list.remarks.push_back(
                    {fmt::format("{} has {} after it, which pip ignores there", named, option.name),
                     "put it on a line of its own"});
            }
        }
        m_list.hashes_left_out += hashed ? 1 : 0;
        return add(line, std::move(listed));
    }

    Status add(const Line& line, ListedLine listed) {
        if (line.kind == FileKind::requirements) {
            remark_on(listed.text, line.where, m_list.remarks);
            m_list.lines.push_back(std::move(listed));
            return {};
        }
        if (!listed.parsed || !listed.parsed->extras.empty()) {
            return fail(ErrorKind::usage,
                        fmt::format("{}: a constraint needs a name and has no extras", line.where),
                        "write `NAME==VERSION` or `NAME @ URL`");
        }
        m_list.constraints.push_back(std::move(listed));
        return {};
    }

    Status read_option(const Line& line, const OptionWord& option) {
        switch (option.option) {
            case LineOption::requirement:
                return include(line, option, FileKind::requirements);
            case LineOption::constraint:
                return include(line, option, FileKind::constraints);
            case LineOption::extra_index_url:
                return add_index(line, option.value);
            case LineOption::find_links:
                GENEVACTL_CHECK(check_index_url(option.value, option.name, line.where));
                return keep(line, option);
            case LineOption::no_binary:
            case LineOption::only_binary:
            case LineOption::prefer_binary:
            case LineOption::pre:
            case LineOption::all_releases:
            case LineOption::only_final:
            case LineOption::trusted_host:
                return keep(line, option);
            case LineOption::require_hashes:
                ++m_list.hashes_left_out;
                return {};
            case LineOption::no_require_hashes:
                return {};
            case LineOption::hash:
                m_list.remarks.push_back(
                    {fmt::format("{}: a hash without a requirement, which pip ignores", line.where),
                     "end the line before it with a backslash"});
                return {};
            case LineOption::config_settings:
                return {};  // pip ignores it too
            default:
                return refuse(line, option);
        }
    }

    Status refuse(const Line& line, const OptionWord& option) {
        auto index = string_view(option.value);
        index = index.substr(0, index.find_last_not_of('/') + 1);
        if (option.option == LineOption::index_url && index == k_default_index) {
            return {};
        }
        const auto* const row =
            std::find_if(k_refused.begin(), k_refused.end(),
                         [&](const Instead& each) { return each.option == option.option; });
        return fail(ErrorKind::usage,
                    fmt::format("{}: a manifest cannot carry {}", line.where, option.name),
                    std::string(row->hint));
    }

    /// pip on the workers reads the manifest's list as a requirements file, options too.
    Status keep(const Line& line, const OptionWord& option) {
        ListedLine listed{std::string(option.name), line.where};
        if (!option.value.empty()) {
            listed.text += " " + base::shell_quote(option.value);
        }
        remark_on(listed.text, line.where, m_list.remarks);
        m_list.lines.push_back(std::move(listed));
        return {};
    }

    /// Only in a line of the list does pip fill in variables: an index whose password is one stays
    /// there.
    Status add_index(const Line& line, const std::string& url) {
        GENEVACTL_CHECK(check_index_url(url, "--extra-index-url", line.where));
        remark_on(url, line.where, m_list.remarks);
        if (!variables_in(url).empty()) {
            m_list.lines.push_back({"--extra-index-url " + url, line.where});
        } else {
            m_list.extra_index_urls.push_back(url);
        }
        return {};
    }

    Status include(const Line& line, const OptionWord& option, FileKind kind) {
        if (option.value.find("://") != std::string::npos ||
            base::starts_with(option.value, "file:")) {
            return fail(ErrorKind::usage,
                        fmt::format("{}: {} of a URL is not read", line.where, option.name),
                        "download the file and name the copy");
        }
        if (!variables_in(option.value).empty()) {
            return fail(ErrorKind::usage,
                        fmt::format("{}: variables are not filled in here", line.where),
                        "write the path out");
        }
        const auto file = (line.file.parent_path() / option.value).lexically_normal();
        auto status = enter(file, kind);
        if (!status) {
            return fail(std::move(status).error().while_doing(
                fmt::format("reading {} for {}", file.native(), line.where)));
        }
        return {};
    }

    RequirementList& m_list;
    std::vector<fs::path> m_open;
    std::size_t m_files = 0;
};

}  // namespace

Status add_file(RequirementList& list, const fs::path& file) {
    return FileReader(list).enter(file, FileKind::requirements);
}

}  // namespace genevactl::manifest
