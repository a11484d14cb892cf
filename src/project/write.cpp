// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/base/toml.hpp"
#include "genevactl/project/file.hpp"

namespace genevactl::project {

namespace {

namespace fs = std::filesystem;
using base::toml_key;
using base::toml_text;

/// A path as the file says it: from its folder, if it lies there.
std::string path_text(const fs::path& path, const fs::path& folder) {
    const auto relative = path.lexically_relative(folder);
    return relative.empty() || *relative.begin() == ".." ? path.string() : relative.string();
}

/// The lines of one entry.
class Lines {
public:
    Lines(std::string_view table, std::string_view name, const std::string& comment) {
        if (!comment.empty()) {
            for (const auto& line : base::split(comment, '\n')) {
                m_text += fmt::format("# {}\n", base::printable(line));
            }
        }
        m_text += fmt::format("[{}.{}]\n", table, toml_key(name));
    }

    void text(std::string_view key, const std::optional<std::string>& value) {
        if (value) {
            raw(key, toml_text(*value));
        }
    }
    void yes(std::string_view key, bool value) {
        if (value) {
            raw(key, "true");
        }
    }
    void list(std::string_view key, const std::vector<std::string>& values) {
        std::vector<std::string> texts;
        for (const auto& value : values) {
            texts.push_back(toml_text(value));
        }
        constexpr std::size_t k_in_one_line = 80;
        const auto line = "[" + base::join(texts, ", ") + "]";
        raw(key, line.size() <= k_in_one_line ? line
                                              : "[\n    " + base::join(texts, ",\n    ") + ",\n]");
    }
    void some(std::string_view key, const std::vector<std::string>& values) {
        if (!values.empty()) {
            list(key, values);
        }
    }
    void map(std::string_view key, const std::map<std::string, std::string>& values) {
        std::vector<std::string> texts;
        for (const auto& [name, value] : values) {
            texts.push_back(fmt::format("{} = {}", toml_key(name), toml_text(value)));
        }
        if (!texts.empty()) {
            raw(key, "{ " + base::join(texts, ", ") + " }");
        }
    }
    void due(std::string_view key, Due due) {
        if (due != Due::fresh) {
            raw(key, toml_text(name_of(due)));
        }
    }
    std::string take() { return std::move(m_text); }

private:
    void raw(std::string_view key, const std::string& value) {
        m_text += fmt::format("{} = {}\n", key, value);
    }

    std::string m_text;
};

std::string text_of(const ManifestEntry& manifest, const fs::path& folder) {
    using ManifestKind = ManifestEntry::Kind;
    Lines lines("manifests", manifest.name, manifest.comment);
    lines.yes("capture", manifest.kind == ManifestKind::capture);
    if (manifest.kind == ManifestKind::pip || !manifest.pip.empty()) {
        lines.list("pip", manifest.pip);
    }
    std::vector<std::string> requirements;
    for (const auto& path : manifest.requirements) {
        requirements.push_back(path_text(path, folder));
    }
    lines.some("requirements", requirements);
    if (manifest.lock) {
        lines.text("lock", path_text(*manifest.lock, folder));
    }
    if (manifest.file) {
        lines.text("file", path_text(*manifest.file, folder));
    }
    lines.yes("skip_site_packages", manifest.skip_site_packages);
    lines.map("env_vars", manifest.env_vars);
    lines.some("extra_index_urls", manifest.extra_index_urls);
    lines.some("py_modules", manifest.py_modules);
    lines.text("version", manifest.version);
    lines.text("head_image", manifest.head_image);
    lines.text("worker_image", manifest.worker_image);
    return lines.take();
}

std::string text_of(const ColumnEntry& column) {
    Lines lines("columns", column.text(), column.comment);
    lines.text("transform", column.transform);
    lines.text("expression", column.expression);
    lines.yes("keep", column.keep);
    lines.text("manifest", column.manifest);
    if (column.inputs) {
        lines.list("inputs", *column.inputs);
    }
    if (!column.keep) {
        lines.due("backfill", column.backfill);
    }
    lines.text("where", column.where);
    return lines.take();
}

std::string text_of(const ViewEntry& view) {
    using ViewKind = ViewEntry::Kind;
    Lines lines("views", view.name.text(), view.comment);
    lines.yes("keep", view.kind == ViewKind::keep);
    if (view.kind != ViewKind::keep) {
        lines.text("source", view.source.text());
    }
    lines.yes("query", view.kind == ViewKind::query);
    if (view.kind == ViewKind::chunker || view.kind == ViewKind::udtf) {
        lines.text(view.kind == ViewKind::chunker ? "chunker" : "udtf", view.transform);
    }
    lines.some("select", view.select);
    lines.text("where", view.where);
    lines.text("manifest", view.manifest);
    lines.text("partition_by", view.partition_by);
    lines.due("refresh", view.refresh);
    return lines.take();
}

}  // namespace

std::string to_toml(const File& file, const std::optional<std::string>& uri) {
    std::vector<std::string> parts;
    if (uri) {
        parts.push_back(fmt::format("[deployment]\nuri = {}\n", toml_text(*uri)));
    }
    for (const auto& manifest : file.manifests) {
        parts.push_back(text_of(manifest, file.path.parent_path()));
    }
    for (const auto& column : file.columns) {
        parts.push_back(text_of(column));
    }
    for (const auto& view : file.views) {
        parts.push_back(text_of(view));
    }
    return base::join(parts, "\n");
}

}  // namespace genevactl::project
