// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "genevactl/base/files.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/manifest/json.hpp"
#include "json_tree.hpp"

namespace genevactl::manifest {

namespace {

using base::ErrorKind;
using base::fail;
using base::Result;
using base::Status;
using Kind = JsonValue::Kind;

/// The document being read, for the place in an error.
struct Source {
    std::string_view text;
    std::string_view name;
};

tl::unexpected<base::Error> wrong(const Source& source, const JsonValue& value,
                                  const std::string& message, std::string hint = {}) {
    return fail(ErrorKind::usage,
                fmt::format("{}:{}: {}", source.name, place_in(source.text, value.end), message),
                std::move(hint));
}

Status expect(const Source& source, const JsonValue& value, const std::string& path, Kind kind) {
    if (value.kind == kind) {
        return {};
    }
    return wrong(source, value,
                 fmt::format("{} must be {}, not {}", path, describe(kind), describe(value.kind)));
}

Status read_into(const Source& source, const JsonValue& value, const std::string& path,
                 std::string& target) {
    GENEVACTL_CHECK(expect(source, value, path, Kind::string));
    target = value.text;
    return {};
}

Status read_into(const Source& source, const JsonValue& value, const std::string& path,
                 std::optional<std::string>& target) {
    if (value.kind == Kind::null) {
        target.reset();
        return {};
    }
    return read_into(source, value, path, target.emplace());
}

Status read_into(const Source& source, const JsonValue& value, const std::string& path,
                 bool& target) {
    GENEVACTL_CHECK(expect(source, value, path, Kind::boolean));
    target = value.text == "true";
    return {};
}

template <typename Item>
Status read_into(const Source& source, const JsonValue& value, const std::string& path,
                 std::vector<Item>& target) {
    GENEVACTL_CHECK(expect(source, value, path, Kind::array));
    target.clear();
    for (const auto& item : value.items) {
        const auto item_path = fmt::format("{}[{}]", path, target.size());
        GENEVACTL_CHECK(read_into(source, item, item_path, target.emplace_back()));
    }
    return {};
}

Status read_into(const Source& source, const JsonValue& value, const std::string& path,
                 std::map<std::string, std::string>& target) {
    GENEVACTL_CHECK(expect(source, value, path, Kind::object));
    target.clear();
    for (const auto& [key, member] : value.members) {
        GENEVACTL_CHECK(
            read_into(source, member, fmt::format("{}[{}]", path, json_string(key)), target[key]));
    }
    return {};
}

/// What geneva keeps to itself and leaves out of its JSON; other programs may have written it.
constexpr std::array<std::string_view, 4> k_bookkeeping = {
    "created_at", "created_by", "delete_local_zips", "local_zip_output_dir"};

/// One field: whether it may be missing, and how it is read.
struct Field {
    const char* name;
    Status (*read)(const Source&, const JsonValue&, const std::string&, model::Manifest&);
};

template <auto Member>
Status read_member(const Source& source, const JsonValue& value, const std::string& path,
                   model::Manifest& manifest) {
    return read_into(source, value, path, manifest.*Member);
}

Status read_conda(const Source& source, const JsonValue& value, const std::string& path,
                  model::Manifest& manifest) {
    GENEVACTL_CHECK(expect(source, value, path, Kind::object));
    manifest.conda = canonical_json(value);
    return {};
}

using M = model::Manifest;
constexpr std::array<Field, 13> k_fields = {{
    {"conda", read_conda},
    {"conda_environment_path", read_member<&M::conda_environment_path>},
    {"env_vars", read_member<&M::env_vars>},
    {"head_image", read_member<&M::head_image>},
    {"name", read_member<&M::name>},
    {"pip", read_member<&M::pip>},
    {"pip_extra_index_urls", read_member<&M::pip_extra_index_urls>},
    {"py_modules", read_member<&M::py_modules>},
    {"requirements_path", read_member<&M::requirements_path>},
    {"skip_site_packages", read_member<&M::skip_site_packages>},
    {"version", read_member<&M::version>},
    {"worker_image", read_member<&M::worker_image>},
    {"zips", read_member<&M::zips>},
}};

/// Unknown members: an error each, with the field that was probably meant.
Status check_names(const Source& source, const JsonValue& root) {
    std::vector<std::string> known = {"checksum"};
    for (const auto& field : k_fields) {
        known.emplace_back(field.name);
    }
    for (const auto& [name, value] : root.members) {
        const bool ignored =
            std::find(k_bookkeeping.begin(), k_bookkeeping.end(), name) != k_bookkeeping.end();
        if (ignored || std::find(known.begin(), known.end(), name) != known.end()) {
            continue;
        }
        auto hint = base::did_you_mean(name, known);
        return wrong(source, value, fmt::format("a manifest has no field {}", json_string(name)),
                     hint.empty() ? "its fields are " + base::join(known, ", ") : hint);
    }
    return {};
}

Status check_sum(const Source& source, const JsonValue& root, model::Manifest& manifest,
                 bool verify) {
    const auto found = root.members.find("checksum");
    if (found == root.members.end() || found->second.kind == Kind::null) {
        if (!verify) {
            return {};
        }
        return wrong(source, root, "the manifest has no checksum",
                     "`genevactl manifest checksum FILE` computes it");
    }
    GENEVACTL_CHECK(read_into(source, found->second, "checksum", manifest.checksum));
    const auto computed = checksum_of(manifest);
    if (verify && manifest.checksum != computed) {
        return fail(ErrorKind::conflict,
                    fmt::format("{}: the checksum is not that of the content: it says {}, the "
                                "content's is {}",
                                source.name, json_string(manifest.checksum), json_string(computed)),
                    "the file was edited after it was made: create the manifest anew, or put in "
                    "the checksum that `genevactl manifest checksum FILE` prints");
    }
    return {};
}

Result<model::ManifestDocument> decode(const Source& source, bool verify) {
    GENEVACTL_TRY(const auto root, parse_json(source.text, source.name));
    GENEVACTL_CHECK(expect(source, root, "a manifest", Kind::object));
    GENEVACTL_CHECK(check_names(source, root));
    model::ManifestDocument document;
    for (const auto& field : k_fields) {
        const auto found = root.members.find(field.name);
        if (found == root.members.end()) {
            return wrong(source, root, fmt::format("the field {} is missing", field.name),
                         "`genevactl manifest create` writes manifests with every field");
        }
        GENEVACTL_CHECK(field.read(source, found->second, field.name, document.manifest));
    }
    GENEVACTL_CHECK(check_sum(source, root, document.manifest, verify));
    auto corrected = document.manifest;
    corrected.checksum = checksum_of(corrected);
    document.json = to_json(corrected);
    return document;
}

}  // namespace

Result<model::ManifestDocument> from_json(std::string_view text, bool verify) {
    return decode({text, "manifest"}, verify);
}

Result<model::ManifestDocument> read(const std::filesystem::path& file, bool verify) {
    GENEVACTL_TRY(const auto text, base::read_file(file));
    return decode({text, file.native()}, verify);
}

}  // namespace genevactl::manifest
