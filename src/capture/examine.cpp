// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "assemble.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"

namespace genevactl::capture {

namespace fs = std::filesystem;
using base::ErrorKind;

namespace {

bool is_within(const std::string& path, const std::string& folder) {
    return path == folder || base::starts_with(path, folder + "/");
}

std::string below(const std::string& path, const std::string& folder) {
    return path == folder ? "" : path.substr(folder.size() + 1);
}

/// "pkg.sub" -> "pkg/sub/".
std::string folder_of_package(std::string package) {
    std::ranges::replace(package, '.', '/');
    return package + "/";
}

class Examiner {
public:
    Examiner(const Sources& sources, const Means& means) : m_sources(sources), m_means(means) {}

    base::Result<Contents> run() {
        GENEVACTL_CHECK(walk_workspaces());
        for (const auto& folder : m_sources.site_packages) {
            GENEVACTL_CHECK(walk_site_packages(folder));
        }
        for (const auto& editable : std::exchange(m_editables, {})) {
            GENEVACTL_CHECK(walk_editable(editable));
        }
        GENEVACTL_CHECK(read_contents());
        GENEVACTL_TRY(auto contents, assemble(std::move(m_walked), m_sources, m_means));
        contents.editables = std::move(m_sources_of_editables);
        if (contents.lists.empty() && !m_means.may_be_empty) {
            return nothing_to_capture(contents);
        }
        return contents;
    }

private:
    base::Status walk_workspaces() {
        auto scan = m_sources.scan;
        scan.except.insert(scan.except.end(), m_sources.site_packages.begin(),
                           m_sources.site_packages.end());
        for (const auto& workspace : m_sources.workspaces) {
            GENEVACTL_TRY(auto tree, scan_workspace(workspace.root, scan));
            m_walked.push_back({.title = "workspace",
                                .tree = std::move(tree),
                                .path_lines = workspace.path_lines});
        }
        return {};
    }

    base::Status walk_site_packages(const std::string& folder) {
        GENEVACTL_TRY(auto tree, scan_site_packages(folder, m_means.threads, *m_means.interrupt));
        GENEVACTL_TRY(auto site, read_site_packages(tree, m_means.threads, *m_means.interrupt));
        m_editables.insert(m_editables.end(), site.editables.begin(), site.editables.end());
        m_walked.push_back(
            {.title = "site-packages", .tree = std::move(tree), .site = std::move(site)});
        return {};
    }

    base::Status walk_editable(const Editable& editable) {
        m_sources_of_editables.push_back({editable.project, editable.location});
        if (is_in_workspace(editable)) {
            return {};
        }
        std::error_code ignored;
        const auto module = editable.location + ".py";
        if (!editable.package.empty() && fs::is_regular_file(module, ignored)) {
            return walk_module(editable, module);
        }
        GENEVACTL_TRY(auto tree, scan_workspace(editable.location, m_sources.scan));
        if (!editable.package.empty()) {
            for (auto& file : tree.files) {
                file.path = folder_of_package(editable.package) + file.path;
            }
        }
        m_walked.push_back({.title = "editable " + editable.project, .tree = std::move(tree)});
        return {};
    }

    /// A single module: the folder that it stands in is walked for this one file.
    base::Status walk_module(const Editable& editable, const std::string& module) {
        const fs::path path(module);
        auto scan = m_sources.scan;
        scan.exclude = {"*"};
        scan.include = {"/" + path.filename().string()};
        GENEVACTL_TRY(auto tree, scan_workspace(path.parent_path(), scan));
        tree.exclusions.clear();
        m_walked.push_back({.title = "editable " + editable.project, .tree = std::move(tree)});
        return {};
    }

    /// Code that a workspace captures already needs no more than a line of its `.pth` file.
    bool is_in_workspace(const Editable& editable) {
        auto folder = editable.location;
        if (!editable.package.empty()) {
            folder = fs::path(folder).parent_path().string();
        }
        for (auto& walked : m_walked) {
            if (walked.title != "workspace" || !is_within(folder, walked.tree.root)) {
                continue;
            }
            const auto line = below(folder, walked.tree.root);
            if (!line.empty() &&
                std::ranges::find(walked.path_lines, line) == walked.path_lines.end()) {
                walked.path_lines.push_back(line);
            }
            return true;
        }
        return false;
    }

    /// What an index has published holds no secret of the user's: it is not searched.
    void ask(const Walked& walked, std::vector<Reading>& readings) const {
        const auto begin = readings.size();
        readings.resize(begin + walked.tree.files.size(), Reading::secrets);
        if (walked.site) {
            for (const auto& distribution : walked.site->distributions) {
                for (const auto index : distribution.files) {
                    readings[begin + index] = Reading::content;
                }
            }
        }
        for (std::size_t i = 0; m_means.wanted && i < walked.tree.files.size(); ++i) {
            if (!m_means.wanted(walked.tree.files[i])) {
                readings[begin + i] = Reading::none;
            }
        }
    }

    /// One pass over the files of all trees, so that every thread has work to the end.
    base::Status read_contents() {
        std::vector<File> all;
        std::vector<Reading> readings;
        for (auto& walked : m_walked) {
            ask(walked, readings);
            std::ranges::move(walked.tree.files, std::back_inserter(all));
        }
        auto cache = FingerprintCache::load(m_means.cache_file);
        GENEVACTL_TRY(const auto found,
                      fingerprints(all, cache, m_means.threads, m_means.now, *m_means.interrupt,
                                   m_means.on_bytes, readings));
        // Without a place for it the next capture reads the files again: no reason to end this one.
        [[maybe_unused]] const auto ignored = cache.save(m_means.cache_file);
        auto at = found.begin();
        auto file = all.begin();
        for (auto& walked : m_walked) {
            const auto count = static_cast<std::ptrdiff_t>(walked.tree.files.size());
            walked.fingerprints.assign(at, at + count);
            std::move(file, file + count, walked.tree.files.begin());
            at += count;
            file += count;
        }
        return {};
    }

    static tl::unexpected<base::Error> nothing_to_capture(const Contents& contents) {
        std::vector<std::string> roots;
        for (const auto& tree : contents.trees) {
            roots.push_back(tree.root);
        }
        return base::fail(ErrorKind::failed,
                          fmt::format("there is nothing to capture in {}", base::join(roots, ", ")),
                          "`genevactl capture plan` says which rule left out what");
    }

    const Sources& m_sources;
    const Means& m_means;
    std::vector<Walked> m_walked;
    std::vector<Editable> m_editables;
    std::vector<EditableSource> m_sources_of_editables;
};

}  // namespace

base::Result<Contents> examine(const Sources& sources, const Means& means) {
    return Examiner(sources, means).run();
}

}  // namespace genevactl::capture
