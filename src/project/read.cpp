// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "entry.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/settings/project_file.hpp"

namespace genevactl::project {

namespace {

namespace fs = std::filesystem;
using base::ErrorKind;

/// Where the table ends and the column begins: the last dot outside backticks.
std::size_t dot_of(std::string_view name) {
    auto dot = std::string_view::npos;
    bool quoted = false;
    for (std::size_t at = 0; at < name.size(); ++at) {
        if (name[at] == '`') {
            quoted = !quoted;
        } else if (name[at] == '.' && !quoted) {
            dot = at;
        }
    }
    return dot;
}

/// The text of a name, or the error of the entry that it stands in.
template <typename Name>
base::Result<Name> name_of_entry(const Entry& entry, std::string_view text) {
    auto name = Name::parse(text);
    if (!name) {
        return entry.bad_name(fmt::format("{}: {}", entry.title(), name.error().message),
                              name.error().hint);
    }
    return name;
}

std::vector<std::string> names_of(const std::vector<ManifestEntry>& manifests) {
    std::vector<std::string> names;
    for (const auto& manifest : manifests) {
        names.push_back(manifest.name);
    }
    return names;
}

/// A manifest that the file has.
base::Status check_manifest(const Entry& entry, const File& file) {
    const auto wanted = entry.text("manifest");
    if (!wanted || file.manifest(*wanted) != nullptr) {
        return {};
    }
    const auto names = names_of(file.manifests);
    auto hint = base::did_you_mean(*wanted, names);
    if (hint.empty()) {
        hint = names.empty() ? fmt::format("describe it in [manifests.{}]", base::toml_key(*wanted))
                             : "there are " + base::join(names, ", ");
    }
    return entry.bad_value(
        "manifest",
        fmt::format("manifest: the file has no manifest '{}'", base::printable(*wanted)),
        std::move(hint));
}

base::Status for_each(const base::Surroundings& surroundings, const settings::ProjectFile& project,
                      const Rules& rules, const std::function<base::Status(const Entry&)>& add) {
    const auto* table = project.root.child(rules.table);
    if (table == nullptr) {
        return {};
    }
    if (table->kind != base::TomlNode::Kind::table) {
        return base::fail(ErrorKind::usage,
                          fmt::format("{}: {} must be a table, not {}",
                                      base::where(project.file, table->key_place), rules.table,
                                      base::name_of(table->kind)),
                          fmt::format("write [{}.NAME] above the keys of each", rules.table));
    }
    for (const auto& node : table->children) {
        GENEVACTL_TRY(const auto entry, Entry::checked(surroundings, project.file, node, rules));
        GENEVACTL_CHECK(add(entry));
    }
    return {};
}

base::Status add(const Entry& entry, File& file) {
    GENEVACTL_TRY(auto column, read_column(entry));
    if (std::ranges::find(file.columns, column.text(), &ColumnEntry::text) != file.columns.end()) {
        return entry.bad_name(entry.title() + ": the column is there twice", "take one out");
    }
    file.columns.push_back(std::move(column));
    return check_manifest(entry, file);
}

/// `[columns.docs.embedding]` without quotes is a table in a table.
base::Status check_quotes(const settings::ProjectFile& project) {
    const auto* columns = project.root.child("columns");
    if (columns == nullptr) {
        return {};
    }
    for (const auto& node : columns->children) {
        if (dot_of(node.key) != std::string::npos) {
            continue;
        }
        const auto inner =
            std::ranges::find(node.children, base::TomlNode::Kind::table, &base::TomlNode::kind);
        const auto column = inner == node.children.end() ? "COLUMN" : inner->key;
        return base::fail(
            ErrorKind::usage,
            fmt::format("{}: [columns.{}] names no column",
                        base::where(project.file, node.key_place), base::toml_key(node.key)),
            fmt::format("write table and column in quotes: [columns.\"{}.{}\"]",
                        base::printable(node.key), base::printable(column)));
    }
    return {};
}

}  // namespace

base::Result<ManifestEntry> read_manifest(const Entry& entry) {
    using Kind = ManifestEntry::Kind;
    if (base::trim(entry.name()).empty()) {
        return entry.bad_name(entry.title() + ": a manifest needs a name",
                              "write [manifests.NAME]");
    }
    ManifestEntry manifest{.name = entry.name(), .origin = entry.origin()};
    const auto& kind = entry.kind();
    manifest.kind = kind == "pip"            ? Kind::pip
                    : kind == "requirements" ? Kind::requirements
                    : kind == "lock"         ? Kind::lock
                    : kind == "capture"      ? Kind::capture
                                             : Kind::file;
    manifest.pip = entry.texts("pip");
    manifest.requirements = entry.paths("requirements");
    for (const auto& path : entry.paths("lock")) {
        manifest.lock = path;
    }
    for (const auto& path : entry.paths("file")) {
        manifest.file = path;
    }
    manifest.env_vars = entry.map("env_vars");
    manifest.extra_index_urls = entry.texts("extra_index_urls");
    manifest.py_modules = entry.texts("py_modules");
    manifest.version = entry.text("version");
    manifest.head_image = entry.text("head_image");
    manifest.worker_image = entry.text("worker_image");
    manifest.skip_site_packages = entry.flag("skip_site_packages");
    return manifest;
}

base::Result<ColumnEntry> read_column(const Entry& entry) {
    const std::string_view name = entry.name();
    const auto dot = dot_of(name);
    ColumnEntry column;
    GENEVACTL_TRY(column.table, name_of_entry<model::ObjectId>(entry, name.substr(0, dot)));
    GENEVACTL_TRY(column.column, name_of_entry<model::FieldPath>(entry, name.substr(dot + 1)));
    column.transform = entry.text("transform");
    column.expression = entry.text("expression");
    column.keep = entry.flag("keep");
    column.manifest = entry.text("manifest");
    if (entry.has("inputs")) {
        column.inputs = entry.texts("inputs");
    }
    // What stays as it is, is not computed either.
    column.backfill = column.keep ? Due::never : entry.due("backfill");
    column.where = entry.text("where");
    column.origin = entry.origin();
    return column;
}

base::Result<ViewEntry> read_view(const Entry& entry) {
    using Kind = ViewEntry::Kind;
    ViewEntry view;
    GENEVACTL_TRY(view.name, name_of_entry<model::ObjectId>(entry, entry.name()));
    const auto& kind = entry.kind();
    view.kind = kind == "query"     ? Kind::query
                : kind == "chunker" ? Kind::chunker
                : kind == "udtf"    ? Kind::udtf
                                    : Kind::keep;
    if (view.kind != Kind::keep) {
        const auto source = entry.text("source");
        if (!source) {
            return entry.bad_name(entry.title() + " has no source",
                                  "write source = \"TABLE\": the table or view that it reads");
        }
        auto id = model::ObjectId::parse(*source);
        if (!id) {
            return entry.bad_value("source", "source: " + id.error().message, id.error().hint);
        }
        view.source = std::move(*id);
    }
    view.transform = entry.text("chunker").value_or(entry.text("udtf").value_or(""));
    view.select = entry.texts("select");
    view.where = entry.text("where");
    view.manifest = entry.text("manifest");
    view.partition_by = entry.text("partition_by");
    view.refresh = entry.due("refresh");
    view.origin = entry.origin();
    return view;
}

base::Result<File> load(const base::Surroundings& surroundings,
                        const std::optional<fs::path>& named) {
    GENEVACTL_TRY(const auto project, settings::project_file(surroundings, named));
    if (!project) {
        return base::fail(ErrorKind::not_found,
                          fmt::format("there is no geneva.toml in {} or above it",
                                      surroundings.working_directory.string()),
                          "write one ([tool.genevactl] in pyproject.toml counts, too), or have "
                          "`genevactl export --out geneva.toml` write what the deployment has");
    }
    File file{.path = project->file};
    const auto add_manifest = [&](const Entry& entry) -> base::Status {
        GENEVACTL_TRY(file.manifests.emplace_back(), read_manifest(entry));
        return {};
    };
    const auto add_column = [&](const Entry& entry) { return add(entry, file); };
    const auto add_view = [&](const Entry& entry) -> base::Status {
        GENEVACTL_TRY(auto view, read_view(entry));
        file.views.push_back(std::move(view));
        return check_manifest(entry, file);
    };
    GENEVACTL_CHECK(for_each(surroundings, *project, manifest_rules(), add_manifest));
    GENEVACTL_CHECK(check_quotes(*project));
    GENEVACTL_CHECK(for_each(surroundings, *project, column_rules(), add_column));
    GENEVACTL_CHECK(for_each(surroundings, *project, view_rules(), add_view));
    return file;
}

}  // namespace genevactl::project
