// SPDX-License-Identifier: Apache-2.0
#include "assemble.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "genevactl/base/parallel.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "misfits.hpp"

namespace genevactl::capture {

namespace {

/// What every worker of geneva 0.17 has itself: the captured copy comes behind it on sys.path.
constexpr std::array<std::string_view, 8> k_of_the_worker{
    "geneva", "lancedb", "pylance", "pyarrow", "ray", "lance_namespace", "numpy", "attrs"};

class Assembler {
public:
    Assembler(const Sources& sources, const Means& means) : m_sources(sources), m_means(means) {}

    base::Status add_list(Walked& walked) {
        ShardList list{.title = walked.title,
                       .root = walked.tree.root,
                       .shards = {},
                       .path_lines = std::move(walked.path_lines)};
        add_misfits(walked);
        if (walked.site) {
            GENEVACTL_CHECK(add_distributions(list, walked));
        } else {
            std::vector<std::size_t> every(walked.tree.files.size());
            std::iota(every.begin(), every.end(), std::size_t{0});
            add_cut(list, "part", walked, without_plans_and_secrets(walked, every));
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
        return {};
    }

    Contents take() { return std::move(m_contents); }

private:
    base::Status add_distributions(ShardList& list, Walked& walked) {
        GENEVACTL_TRY(list.shards, shards_of_distributions(walked));
        for (const auto& distribution : walked.site->distributions) {
            note(distribution);
        }
        if (!walked.site->path_files.empty()) {
            auto [files, found] = pick(walked, walked.site->path_files);
            list.shards.push_back(shard_of(".pth files", std::move(files), std::move(found)));
        }
        add_cut(list, "no distribution", walked,
                without_plans_and_secrets(walked, walked.site->loose));
        return {};
    }

    static std::string label_of(const Distribution& distribution) {
        return distribution.name + " " + distribution.version;
    }

    base::Result<std::vector<Shard>> shards_of_distributions(const Walked& walked) const {
        const auto& distributions = walked.site->distributions;
        std::vector<Shard> shards(distributions.size());
        GENEVACTL_CHECK(base::for_each_in_parallel(
            shards.size(), m_means.threads, *m_means.interrupt, [&](std::size_t i) -> base::Status {
                auto [files, found] = pick(walked, distributions[i].files);
                shards[i] =
                    shard_of(label_of(distributions[i]), std::move(files), std::move(found));
                return {};
            }));
        std::erase_if(shards, [](const Shard& shard) { return shard.files.empty(); });
        return shards;
    }

    /// What does not fit the workers, or is not needed there.
    void note(const Distribution& distribution) {
        if (const auto why = misfit_of_tags(distribution.wheel_tags, m_sources.target)) {
            m_contents.misfits.push_back({label_of(distribution), *why});
        }
        if (std::ranges::find(k_of_the_worker, base::lower(distribution.name)) !=
            k_of_the_worker.end()) {
            m_contents.shadowed.push_back(label_of(distribution));
        }
    }

    static std::pair<std::vector<File>, std::vector<Fingerprint>> pick(
        const Walked& walked, const std::vector<std::size_t>& indices) {
        std::pair<std::vector<File>, std::vector<Fingerprint>> picked;
        picked.first.reserve(indices.size());
        picked.second.reserve(indices.size());
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

    /// By their content; what an index has published is no secret.
    std::vector<std::size_t> without_plans_and_secrets(Walked& walked,
                                                       const std::vector<std::size_t>& indices) {
        std::vector<std::size_t> kept;
        for (const auto index : indices) {
            const auto& file = walked.tree.files[index];
            const auto looks = walked.fingerprints[index].looks;
            if (looks == Looks::plan) {
                walked.tree.exclusions.push_back(
                    {file.path, false, ExclusionKind::preset, "preset: plans of genevactl"});
                continue;
            }
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

    const Sources& m_sources;
    const Means& m_means;
    Contents m_contents;
};

}  // namespace

base::Result<Contents> assemble(std::vector<Walked> walked, const Sources& sources,
                                const Means& means) {
    Assembler assembler(sources, means);
    for (auto& one : walked) {
        GENEVACTL_CHECK(assembler.add_list(one));
    }
    return assembler.take();
}

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

}  // namespace genevactl::capture
