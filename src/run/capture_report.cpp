// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "capture_steps.hpp"
#include "genevactl/base/text.hpp"

namespace genevactl::run {

namespace {

constexpr std::size_t k_largest = 20;
constexpr std::size_t k_shards_shown = 30;
constexpr std::size_t k_exclusions_shown = 40;

using Sizes = std::vector<std::pair<std::uint64_t, std::string>>;

std::string count(std::uint64_t number) {
    return base::group_digits(static_cast<long long>(number));
}

Sizes largest_files(const capture::Contents& contents) {
    Sizes sizes;
    for (const auto& list : contents.lists) {
        for (const auto& shard : list.shards) {
            for (const auto& file : shard.files) {
                sizes.emplace_back(file.identity.size, file.source);
            }
        }
    }
    const auto end = sizes.begin() + static_cast<std::ptrdiff_t>(std::min(k_largest, sizes.size()));
    std::ranges::partial_sort(sizes, end, std::ranges::greater());
    sizes.erase(end, sizes.end());
    return sizes;
}

bool is_there(const std::vector<Archive>& archives, const std::string& key) {
    const auto found = std::ranges::find(archives, key, &Archive::key);
    return found != archives.end() && found->is_there;
}

Json json_of(const capture::ShardList& list, const std::vector<Archive>& archives) {
    auto json = Json::object();
    json["title"] = list.title;
    json["root"] = list.root;
    json["head"] = list.head_file_name();
    json["path_lines"] = list.path_lines;
    json["shards"] = Json::array();
    for (const auto& shard : list.shards) {
        auto one = Json::object();
        one["label"] = shard.label;
        one["file"] = shard.file_name();
        one["files"] = shard.files.size();
        one["bytes"] = shard.bytes;
        one["is_there"] = is_there(archives, shard.file_name());
        json["shards"].push_back(std::move(one));
    }
    return json;
}

Json exclusions_of(const capture::Contents& contents) {
    auto all = Json::array();
    for (const auto& tree : contents.trees) {
        for (const auto& exclusion : tree.exclusions) {
            auto one = Json::object();
            one["root"] = tree.root;
            one["path"] = exclusion.path;
            one["directory"] = exclusion.is_directory;
            one["kind"] = capture::name_of(exclusion.kind);
            one["rule"] = exclusion.rule;
            all.push_back(std::move(one));
        }
    }
    return all;
}

model::Table shards_table(const capture::Contents& contents, const std::vector<Archive>& archives,
                          bool knows_place) {
    struct ShardRow {
        const capture::ShardList* list;
        const capture::Shard* shard;
    };
    std::vector<ShardRow> rows;
    for (const auto& list : contents.lists) {
        for (const auto& shard : list.shards) {
            rows.push_back({&list, &shard});
        }
    }
    std::ranges::stable_sort(rows, std::ranges::greater(),
                             [](const ShardRow& row) { return row.shard->bytes; });
    model::Table table{.headings = {"SHARD", "IN", "FILES", "SIZE", "DEPLOYMENT"},
                       .right_aligned = {false, false, true, true, false}};
    for (std::size_t i = 0; i < std::min(rows.size(), k_shards_shown); ++i) {
        const auto& [list, shard] = rows[i];
        const bool there = is_there(archives, shard->file_name());
        table.rows.push_back({{shard->label},
                              {list->title},
                              {count(shard->files.size())},
                              {megabytes(shard->bytes)},
                              {!knows_place ? "not asked"
                               : there      ? "has it"
                                            : "to send"}});
    }
    if (rows.size() > k_shards_shown) {
        table.rows.push_back({{fmt::format("… and {} smaller", rows.size() - k_shards_shown)},
                              {""},
                              {""},
                              {""},
                              {""}});
    }
    return table;
}

model::Table exclusions_table(const capture::Contents& contents) {
    model::Table table{.headings = {"LEFT OUT", "RULE"}};
    std::size_t all = 0;
    for (const auto& tree : contents.trees) {
        for (const auto& exclusion : tree.exclusions) {
            // Compiled caches are everywhere and nobody misses them.
            if (exclusion.rule == "preset: caches" || ++all > k_exclusions_shown) {
                continue;
            }
            table.rows.push_back(
                {{tree.root + "/" + exclusion.path + (exclusion.is_directory ? "/" : "")},
                 {exclusion.rule, exclusion.kind == capture::ExclusionKind::secret
                                      ? model::Tone::caution
                                      : model::Tone::plain}});
        }
    }
    if (all > k_exclusions_shown) {
        table.rows.push_back(
            {{fmt::format("… and {} more: -o json has all", all - k_exclusions_shown)}, {""}});
    }
    return table;
}

template <typename Items, typename Cells>
void add_table(model::Outcome& outcome, std::vector<std::string> headings, const Items& items,
               const Cells& cells) {
    model::Table table{.headings = std::move(headings)};
    for (const auto& item : items) {
        table.rows.push_back(cells(item));
    }
    if (!table.rows.empty()) {
        outcome.blocks.emplace_back(std::move(table));
    }
}

struct Amount {
    std::size_t archives = 0;
    std::uint64_t bytes = 0;
};

Amount missing(const std::vector<Archive>& archives) {
    Amount amount;
    for (const auto& archive : archives) {
        if (!archive.is_there) {
            ++amount.archives;
            amount.bytes += archive.shard != nullptr ? archive.shard->bytes : 0;
        }
    }
    return amount;
}

Json document_of(const capture::Contents& contents, const std::vector<Archive>& archives,
                 bool knows_place) {
    auto document = versioned();
    document["files"] = contents.files();
    document["bytes"] = contents.bytes();
    document["deployment_known"] = knows_place;
    document["bytes_to_pack"] = missing(archives).bytes;
    document["lists"] = Json::array();
    for (const auto& list : contents.lists) {
        document["lists"].push_back(json_of(list, archives));
    }
    document["largest"] = Json::array();
    for (const auto& [bytes, path] : largest_files(contents)) {
        document["largest"].push_back({{"path", path}, {"bytes", bytes}});
    }
    document["exclusions"] = exclusions_of(contents);
    document["secrets"] = Json::array();
    for (const auto& secret : contents.secrets) {
        document["secrets"].push_back({{"path", secret.path}, {"rule", secret.why}});
    }
    document["misfits"] = Json::array();
    for (const auto& misfit : contents.misfits) {
        document["misfits"].push_back({{"what", misfit.what}, {"why", misfit.why}});
    }
    document["editables"] = Json::array();
    for (const auto& editable : contents.editables) {
        document["editables"].push_back(
            {{"project", editable.project}, {"location", editable.location}});
    }
    document["shadowed"] = contents.shadowed;
    return document;
}

}  // namespace

std::string megabytes(std::uint64_t bytes) {
    constexpr double k_kilo = 1e3;
    constexpr double k_mega = 1e6;
    const auto value = static_cast<double>(bytes);
    return value < k_mega ? fmt::format("{:.1f} kB", value / k_kilo)
                          : fmt::format("{:.1f} MB", value / k_mega);
}

model::Outcome plan_outcome(const capture::Contents& contents, const std::vector<Archive>& archives,
                            bool knows_place) {
    model::Outcome outcome{.document = dump(document_of(contents, archives, knows_place))};
    for (const auto& archive : archives) {
        outcome.names.push_back(archive.key);
    }
    const auto amount = missing(archives);
    model::Properties summary;
    for (const auto& list : contents.lists) {
        summary.rows.emplace_back(list.title, model::Cell{list.root});
    }
    summary.rows.emplace_back(
        "captured", model::Cell{fmt::format(
                        "{}, {}", base::plural(static_cast<long long>(contents.files()), "file"),
                        megabytes(contents.bytes()))});
    summary.rows.emplace_back(
        "to pack", model::Cell{fmt::format(
                       "{}, {}", base::plural(static_cast<long long>(amount.archives), "archive"),
                       megabytes(amount.bytes))});
    outcome.blocks.emplace_back(std::move(summary));
    outcome.blocks.emplace_back(shards_table(contents, archives, knows_place));
    add_table(outcome, {"LARGEST FILES", "SIZE"}, largest_files(contents), [](const auto& item) {
        return std::vector<model::Cell>{{item.second}, {megabytes(item.first)}};
    });
    auto exclusions = exclusions_table(contents);
    if (!exclusions.rows.empty()) {
        outcome.blocks.emplace_back(std::move(exclusions));
    }
    add_table(outcome, {"EDITABLE", "CODE IN"}, contents.editables, [](const auto& item) {
        return std::vector<model::Cell>{{item.project}, {item.location}};
    });
    add_table(outcome, {"DOES NOT FIT", "WHY"}, contents.misfits, [](const auto& item) {
        return std::vector<model::Cell>{{item.what, model::Tone::bad}, {item.why}};
    });
    return outcome;
}

}  // namespace genevactl::run
