// SPDX-License-Identifier: Apache-2.0
#include "genevactl/manifest/diff.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "diff_parts.hpp"
#include "genevactl/manifest/lint.hpp"
#include "json_tree.hpp"

namespace genevactl::manifest {

namespace {

using OptionalText = std::optional<std::string>;

OptionalText shown(const OptionalText& text) {
    return text ? OptionalText(shown_text(*text)) : std::nullopt;
}

void diff_value(const std::string& field, const OptionalText& before, const OptionalText& after,
                Difference& difference) {
    if (before != after) {
        difference.fields.push_back({field, shown(before), shown(after)});
    }
}

void diff_variables(const model::Manifest& before, const model::Manifest& after,
                    Difference& difference) {
    const auto value_in = [](const model::Manifest& manifest, const std::string& name) {
        const auto found = manifest.env_vars.find(name);
        return found == manifest.env_vars.end() ? std::nullopt : OptionalText(found->second);
    };
    Texts names;
    for (const auto* const manifest : {&before, &after}) {
        for (const auto& [name, value] : manifest->env_vars) {
            names.push_back(name);
        }
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    for (const auto& name : names) {
        const auto old_value = value_in(before, name);
        const auto new_value = value_in(after, name);
        if (old_value == new_value) {
            continue;
        }
        FieldChange change{fmt::format("env_vars[{}]", json_string(name))};
        const auto show = [&](const OptionalText& value) -> OptionalText {
            if (!value) {
                return std::nullopt;
            }
            auto text = shown_value(name, *value);
            change.hidden = change.hidden || text != *value;
            return text;
        };
        change.before = show(old_value);
        change.after = show(new_value);
        difference.fields.push_back(std::move(change));
    }
}

Texts archives_of(const model::Manifest& manifest) {
    Texts archives;
    for (std::size_t i = 0; i < manifest.zips.size(); ++i) {
        for (const auto& zip : manifest.zips[i]) {
            archives.push_back(zip);
        }
    }
    return archives;
}

void diff_archives(const model::Manifest& before, const model::Manifest& after,
                   Difference& difference) {
    const auto count = difference.fields.size();
    diff_list("zips", archives_of(before), archives_of(after), difference);
    if (count == difference.fields.size() && before.zips != after.zips) {
        difference.fields.push_back({"zips (lists)", std::to_string(before.zips.size()),
                                     std::to_string(after.zips.size())});
    }
}

}  // namespace

std::string_view name_of(RequirementChange::Kind kind) {
    return kind == RequirementChange::Kind::added     ? "added"
           : kind == RequirementChange::Kind::removed ? "removed"
                                                      : "changed";
}

std::string_view name_of(RequirementChange::Direction direction) {
    return direction == RequirementChange::Direction::up     ? "up"
           : direction == RequirementChange::Direction::down ? "down"
                                                             : "";
}

Leftovers leftovers_of(const Texts& before, const Texts& after) {
    Leftovers result{{}, after};
    for (const auto& text : before) {
        const auto found = std::find(result.after.begin(), result.after.end(), text);
        if (found == result.after.end()) {
            result.before.push_back(text);
        } else {
            result.after.erase(found);
        }
    }
    return result;
}

void diff_list(const std::string& field, const Texts& before, const Texts& after,
               Difference& difference) {
    const auto left = leftovers_of(before, after);
    for (const auto& text : left.before) {
        difference.fields.push_back({field, shown_text(text), std::nullopt});
    }
    for (const auto& text : left.after) {
        difference.fields.push_back({field, std::nullopt, shown_text(text)});
    }
    if (left.before.empty() && left.after.empty() && before != after) {
        difference.fields.push_back({field + " (order)",
                                     shown_text(fmt::format("{}", fmt::join(before, ", "))),
                                     shown_text(fmt::format("{}", fmt::join(after, ", ")))});
    }
}

Difference diff(const model::Manifest& before, const model::Manifest& after) {
    Difference difference;
    const auto captured = [](const model::Manifest& manifest) {
        return manifest.skip_site_packages ? "true" : "false";
    };
    diff_requirements("pip", before.pip, after.pip, difference);
    diff_value("name", before.name, after.name, difference);
    diff_value("version", before.version, after.version, difference);
    diff_conda(before.conda, after.conda, difference);
    diff_value("conda_environment_path", before.conda_environment_path,
               after.conda_environment_path, difference);
    diff_value("requirements_path", before.requirements_path, after.requirements_path, difference);
    diff_list("pip_extra_index_urls", before.pip_extra_index_urls, after.pip_extra_index_urls,
              difference);
    diff_list("py_modules", before.py_modules, after.py_modules, difference);
    diff_variables(before, after, difference);
    diff_value("head_image", before.head_image, after.head_image, difference);
    diff_value("worker_image", before.worker_image, after.worker_image, difference);
    diff_value("skip_site_packages", captured(before), captured(after), difference);
    diff_archives(before, after, difference);
    return difference;
}

}  // namespace genevactl::manifest
