// SPDX-License-Identifier: Apache-2.0
#include "genevactl/capture/distributions.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <unordered_map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "genevactl/base/files.hpp"
#include "genevactl/base/parallel.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "record.hpp"

namespace genevactl::capture {

namespace fs = std::filesystem;
using base::ErrorKind;

namespace {

constexpr std::string_view k_dist_info = ".dist-info/";
constexpr std::string_view k_finder_begin = "__editable___";
constexpr std::string_view k_finder_end = "_finder.py";

bool is_at_top(std::string_view path) {
    return path.find('/') == std::string_view::npos;
}

/// Lines without white space around them, comments and empty ones left out.
std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    for (const auto& line : base::split(text, '\n')) {
        const auto trimmed = base::trim(line);
        if (!trimmed.empty() && trimmed.front() != '#') {
            lines.emplace_back(trimmed);
        }
    }
    return lines;
}

class Reader {
public:
    explicit Reader(const Tree& tree) : m_tree(tree), m_owned(tree.files.size()) {
        m_by_path.reserve(tree.files.size());
        for (std::size_t i = 0; i < tree.files.size(); ++i) {
            m_by_path.emplace(tree.files[i].path, i);
        }
    }

    base::Result<SitePackages> read(unsigned threads, const base::Interrupt& interrupt) {
        GENEVACTL_CHECK(read_distributions(threads, interrupt));
        for (std::size_t i = 0; i < m_tree.files.size(); ++i) {
            GENEVACTL_CHECK(add_top_file(i));
        }
        for (std::size_t i = 0; i < m_tree.files.size(); ++i) {
            if (m_owned[i] == 0) {
                m_site.loose.push_back(i);
            }
        }
        GENEVACTL_CHECK(check_editables());
        return std::move(m_site);
    }

private:
    base::Result<std::string> text_of(const std::string& source) const {
        auto text = base::read_file(source);
        if (!text) {
            return base::fail(std::move(text).error().while_doing("reading site-packages"));
        }
        return text;
    }

    std::optional<std::size_t> index_of(const std::string& path) const {
        const auto found = m_by_path.find(path);
        return found == m_by_path.end() ? std::nullopt : std::optional(found->second);
    }

    base::Status read_distributions(unsigned threads, const base::Interrupt& interrupt) {
        std::vector<const File*> records;
        for (const auto& file : m_tree.files) {
            if (file.path.ends_with(".dist-info/RECORD") &&
                std::ranges::count(file.path, '/') == 1) {
                records.push_back(&file);
            }
        }
        m_site.distributions.resize(records.size());
        GENEVACTL_CHECK(base::for_each_in_parallel(
            records.size(), threads, interrupt, [&](std::size_t i) -> base::Status {
                GENEVACTL_TRY(m_site.distributions[i], distribution_of(*records[i]));
                return {};
            }));
        for (const auto& distribution : m_site.distributions) {
            for (const auto index : distribution.files) {
                m_owned[index] = 1;
            }
        }
        return {};
    }

    base::Result<Distribution> distribution_of(const File& record) const {
        const auto folder = record.path.substr(0, record.path.rfind('/') + 1);
        const auto stem = folder.substr(0, folder.size() - k_dist_info.size());
        const auto dash = stem.find('-');
        Distribution distribution{
            .name = stem.substr(0, dash),
            .version = dash == std::string::npos ? "" : stem.substr(dash + 1)};
        GENEVACTL_TRY(const auto text, text_of(record.source));
        for (const auto& path : paths_of_record(text)) {
            const auto index = index_of(path);
            // A `.pth` file at the top is looked at by itself.
            if (index && !(is_at_top(path) && path.ends_with(".pth"))) {
                distribution.files.push_back(*index);
            }
        }
        std::ranges::sort(distribution.files);
        const auto [first, last] = std::ranges::unique(distribution.files);
        distribution.files.erase(first, last);
        GENEVACTL_TRY(distribution.is_editable, says_editable(folder));
        GENEVACTL_TRY(distribution.wheel_tags, tags_of(folder));
        return distribution;
    }

    base::Result<bool> says_editable(const std::string& folder) const {
        const auto index = index_of(folder + "direct_url.json");
        if (!index) {
            return false;
        }
        GENEVACTL_TRY(const auto text, text_of(m_tree.files[*index].source));
        const auto json = nlohmann::json::parse(text, nullptr, false);
        if (!json.is_object() || !json.contains("dir_info") || !json["dir_info"].is_object()) {
            return false;
        }
        const auto& info = json["dir_info"];
        return info.contains("editable") && info["editable"] == true;
    }

    base::Result<std::vector<std::string>> tags_of(const std::string& folder) const {
        std::vector<std::string> tags;
        if (const auto index = index_of(folder + "WHEEL")) {
            GENEVACTL_TRY(const auto text, text_of(m_tree.files[*index].source));
            for (const auto& line : lines_of(text)) {
                if (base::starts_with(line, "Tag: ")) {
                    tags.push_back(line.substr(5));
                }
            }
        }
        return tags;
    }

    base::Status add_top_file(std::size_t index) {
        const auto& file = m_tree.files[index];
        if (!is_at_top(file.path)) {
            return {};
        }
        if (file.path.ends_with(".pth")) {
            return add_path_file(index);
        }
        if (file.path.ends_with(".egg-link")) {
            m_owned[index] = 1;
            GENEVACTL_TRY(const auto text, text_of(file.source));
            const auto lines = lines_of(text);
            return lines.empty() ? base::Status() : add_folder(file, lines.front());
        }
        if (base::starts_with(file.path, k_finder_begin) && file.path.ends_with(k_finder_end)) {
            m_owned[index] = 1;
            return add_finder(file);
        }
        return {};
    }

    /// Lines that begin with "import" run (site.py); the others are paths.
    base::Status add_path_file(std::size_t index) {
        const auto& file = m_tree.files[index];
        m_owned[index] = 1;
        GENEVACTL_TRY(const auto text, text_of(file.source));
        bool goes_along = false;
        for (const auto& line : lines_of(text)) {
            if (base::starts_with(line, "import ") || base::starts_with(line, "import\t")) {
                goes_along = goes_along || line.find(k_finder_begin) == std::string::npos;
            } else if (is_below_root(line)) {
                goes_along = true;
            } else {
                GENEVACTL_CHECK(add_folder(file, line));
            }
        }
        if (goes_along) {
            m_site.path_files.push_back(index);
        }
        return {};
    }

    bool is_below_root(const std::string& line) const {
        const auto path = (fs::path(m_tree.root) / line).lexically_normal().string();
        return base::starts_with(path, m_tree.root + "/");
    }

    base::Status add_folder(const File& file, const std::string& line) {
        const auto location = (fs::path(m_tree.root) / line).lexically_normal();
        std::error_code ignored;
        if (fs::is_directory(location, ignored)) {
            m_site.editables.push_back({file.path, "", location.string()});
        }
        return {};  // site.py passes over a path that is not there, too
    }

    base::Status add_finder(const File& file) {
        GENEVACTL_TRY(const auto text, text_of(file.source));
        const auto mapping = mapping_of_finder(text);
        if (mapping.empty()) {
            return not_understood(file.path);
        }
        for (const auto& [package, location] : mapping) {
            m_site.editables.push_back({file.path, package, location});
        }
        return {};
    }

    static base::Status not_understood(const std::string& what) {
        return base::fail(
            ErrorKind::failed,
            fmt::format("{}: an editable install whose code genevactl cannot find", what),
            "install it without -e (pip install .), or capture its folder with --workspace");
    }

    /// Every distribution that says it is editable must have been found by one of the ways.
    base::Status check_editables() const {
        for (const auto& distribution : m_site.distributions) {
            const auto like_it = base::lower(distribution.name);
            const auto is_its = [&](const Editable& editable) {
                auto project = base::lower(editable.project);
                std::ranges::replace(project, '-', '_');
                return project.find(like_it) != std::string::npos;
            };
            if (distribution.is_editable && std::ranges::none_of(m_site.editables, is_its)) {
                return not_understood(distribution.name);
            }
        }
        return {};
    }

    const Tree& m_tree;
    std::vector<char> m_owned;
    std::unordered_map<std::string_view, std::size_t> m_by_path;
    SitePackages m_site;
};

}  // namespace

base::Result<SitePackages> read_site_packages(const Tree& tree, unsigned threads,
                                              const base::Interrupt& interrupt) {
    return Reader(tree).read(threads, interrupt);
}

}  // namespace genevactl::capture
