// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <numeric>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/capture/capture.hpp"
#include "genevactl/capture/distributions.hpp"
#include "misfits.hpp"

namespace genevactl::capture {

namespace fs = std::filesystem;
using base::ErrorKind;

namespace {

/// What every worker of geneva 0.17 has itself: the captured copy comes behind it on sys.path.
constexpr std::array<std::string_view, 8> k_of_the_worker{
    "geneva", "lancedb", "pylance", "pyarrow", "ray", "lance_namespace", "numpy", "attrs"};

/// A tree with what was found out about it.
struct Walked {
    std::string title;
    Tree tree;
    std::vector<std::string> path_lines = {};
    std::optional<SitePackages> site = {};
    std::vector<Fingerprint> fingerprints = {};
};

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
        for (auto& walked : m_walked) {
            add_list(walked);
        }
        const auto shards = std::accumulate(
            m_contents.lists.begin(), m_contents.lists.end(), std::size_t{0},
            [](std::size_t sum, const ShardList& list) { return sum + list.shards.size(); });
        if (shards == 0) {
            return nothing_to_capture();
        }
        return std::move(m_contents);
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
        GENEVACTL_TRY(auto tree, scan_site_packages(folder));
        GENEVACTL_TRY(auto site, read_site_packages(tree));
        m_editables.insert(m_editables.end(), site.editables.begin(), site.editables.end());
        m_walked.push_back(
            {.title = "site-packages", .tree = std::move(tree), .site = std::move(site)});
        return {};
    }

    base::Status walk_editable(const Editable& editable) {
        m_contents.editables.push_back({editable.project, editable.location});
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

    /// One pass over the files of all trees, so that every thread has work to the end.
    base::Status read_contents() {
        std::vector<File> all;
        for (const auto& walked : m_walked) {
            all.insert(all.end(), walked.tree.files.begin(), walked.tree.files.end());
        }
        auto cache = FingerprintCache::load(m_means.cache_file);
        GENEVACTL_TRY(const auto found, fingerprints(all, cache, m_means.threads, m_means.now,
                                                     *m_means.interrupt, m_means.on_bytes));
        // Without a place for it the next capture reads the files again: no reason to end this one.
        [[maybe_unused]] const auto ignored = cache.save(m_means.cache_file);
        auto at = found.begin();
        for (auto& walked : m_walked) {
            const auto end = at + static_cast<std::ptrdiff_t>(walked.tree.files.size());
            walked.fingerprints.assign(at, end);
            at = end;
        }
        return {};
    }

    void add_list(Walked& walked) {
        ShardList list{.title = walked.title,
                       .root = walked.tree.root,
                       .shards = {},
                       .path_lines = std::move(walked.path_lines)};
        add_misfits(walked);
        if (walked.site) {
            add_distributions(list, walked);
        } else {
            std::vector<std::size_t> every(walked.tree.files.size());
            std::iota(every.begin(), every.end(), std::size_t{0});
            add_cut(list, "part", walked, without_secrets(walked, every));
        }
        for (const auto& exclusion : walked.tree.exclusions) {
            if (exclusion.kind == ExclusionKind::secret) {
                m_contents.secrets.push_back(
                    {walked.tree.root + "/" + exclusion.path, exclusion.rule});
            }
        }
        m_contents.trees.push_back(std::move(walked.tree));
        if (!list.shards.empty()) {
            m_contents.lists.push_back(std::move(list));
        }
    }

    void add_distributions(ShardList& list, Walked& walked) {
        for (const auto& distribution : walked.site->distributions) {
            const auto label = distribution.name + " " + distribution.version;
            if (const auto why = misfit_of_tags(distribution.wheel_tags, m_sources.target)) {
                m_contents.misfits.push_back({label, *why});
            }
            if (std::ranges::find(k_of_the_worker, base::lower(distribution.name)) !=
                k_of_the_worker.end()) {
                m_contents.shadowed.push_back(label);
            }
            auto [files, found] = pick(walked, distribution.files);
            if (!files.empty()) {
                list.shards.push_back(shard_of(label, std::move(files), std::move(found)));
            }
        }
        if (!walked.site->path_files.empty()) {
            auto [files, found] = pick(walked, walked.site->path_files);
            list.shards.push_back(shard_of(".pth files", std::move(files), std::move(found)));
        }
        add_cut(list, "no distribution", walked, without_secrets(walked, walked.site->loose));
    }

    static std::pair<std::vector<File>, std::vector<Fingerprint>> pick(
        const Walked& walked, const std::vector<std::size_t>& indices) {
        std::pair<std::vector<File>, std::vector<Fingerprint>> picked;
        for (const auto index : indices) {
            picked.first.push_back(walked.tree.files[index]);
            picked.second.push_back(walked.fingerprints[index]);
        }
        return picked;
    }

    static void add_cut(ShardList& list, const std::string& label, const Walked& walked,
                        const std::vector<std::size_t>& indices) {
        const auto [files, found] = pick(walked, indices);
        for (auto& shard : cut(label, files, found)) {
            list.shards.push_back(std::move(shard));
        }
    }

    /// Without the files whose content looks like a secret; what an index has published is none.
    std::vector<std::size_t> without_secrets(Walked& walked,
                                             const std::vector<std::size_t>& indices) {
        std::vector<std::size_t> kept;
        for (const auto index : indices) {
            const auto& file = walked.tree.files[index];
            const auto looks = walked.fingerprints[index].looks;
            const bool is_secret = looks == Looks::private_key || looks == Looks::token;
            if (!is_secret || std::ranges::find(m_sources.scan.allow_secrets, file.path) !=
                                  m_sources.scan.allow_secrets.end()) {
                kept.push_back(index);
                continue;
            }
            walked.tree.exclusions.push_back({file.path, false, ExclusionKind::secret,
                                              looks == Looks::private_key
                                                  ? "secret: its content is a private key"
                                                  : "secret: its content has a token"});
        }
        return kept;
    }

    void add_misfits(const Walked& walked) {
        for (std::size_t i = 0; i < walked.tree.files.size(); ++i) {
            const auto& path = walked.tree.files[i].path;
            const bool is_module = path.ends_with(".so") || path.ends_with(".pyd") ||
                                   path.ends_with(".dylib") || path.ends_with(".dll") ||
                                   path.find(".so.") != std::string::npos;
            if (!is_module) {
                continue;
            }
            if (auto why = misfit_of_module(walked.fingerprints[i].looks, m_sources.target)) {
                m_contents.misfits.push_back({path, std::move(*why)});
            }
        }
    }

    tl::unexpected<base::Error> nothing_to_capture() const {
        std::vector<std::string> roots;
        for (const auto& tree : m_contents.trees) {
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
    Contents m_contents;
};

}  // namespace

std::uint64_t Contents::files() const {
    std::uint64_t sum = 0;
    for (const auto& list : lists) {
        for (const auto& shard : list.shards) {
            sum += shard.files.size();
        }
    }
    return sum;
}

std::uint64_t Contents::bytes() const {
    std::uint64_t sum = 0;
    for (const auto& list : lists) {
        for (const auto& shard : list.shards) {
            sum += shard.bytes;
        }
    }
    return sum;
}

base::Result<Contents> examine(const Sources& sources, const Means& means) {
    return Examiner(sources, means).run();
}

}  // namespace genevactl::capture
