// SPDX-License-Identifier: Apache-2.0
#include "kept_view.hpp"

#include <array>

#include "documents.hpp"
#include "genevactl/base/digest.hpp"
#include "genevactl/base/files.hpp"
#include "genevactl/base/try.hpp"

namespace genevactl::run {

namespace {

using base::ErrorKind;

std::optional<model::ViewKind> kind_named(const std::string& name) {
    for (const auto kind :
         {model::ViewKind::query, model::ViewKind::chunker, model::ViewKind::udtf}) {
        if (model::name_of(kind) == name) return kind;
    }
    return std::nullopt;
}

std::string text_in(const Json& document, const char* name) {
    const auto found = document.find(name);
    return found != document.end() && found->is_string() ? found->get<std::string>()
                                                         : std::string();
}

}  // namespace

std::filesystem::path kept_view_file(const Session& session, const ns::Client& client,
                                     const model::ObjectId& view) {
    const auto& connection = client.connection();
    const auto digest =
        base::sha256_hex(connection.base_url + "\n" + connection.database + "\n" + view.joined());
    return session.surroundings().state_home() / "views" / (digest.substr(0, 16) + ".json");
}

base::Status keep_view(const Session& session, const ns::Client& client,
                       const model::ObjectId& view, const model::ViewPayload& payload) {
    auto document = versioned();
    document["database"] = client.connection().database;
    document["view"] = view.text();
    document["kept_at"] = base::rfc3339(session.surroundings().clock->now());
    document["kind"] = model::name_of(payload.kind);
    document["source_query"] = payload.source_query;
    document["output_schema"] = payload.output_schema;
    document["udtf_spec"] = payload.udtf_spec;
    const auto file = kept_view_file(session, client, view);
    GENEVACTL_CHECK(base::create_private_directory(file.parent_path()));
    return base::write_atomic(file, dump(document) + "\n", 0600);
}

base::Result<std::optional<model::ViewPayload>> kept_view(const Session& session,
                                                          const ns::Client& client,
                                                          const model::ObjectId& view) {
    const auto file = kept_view_file(session, client, view);
    auto text = base::read_file(file);
    if (!text) {
        if (text.error().kind == ErrorKind::not_found) return std::nullopt;
        return base::fail(std::move(text).error());
    }
    const auto document = Json::parse(*text, nullptr, false);
    const auto kind = document.is_object() ? kind_named(text_in(document, "kind")) : std::nullopt;
    if (!kind) {
        return base::fail(ErrorKind::failed, file.string() + " is damaged");
    }
    return model::ViewPayload{.kind = *kind,
                              .source_query = text_in(document, "source_query"),
                              .output_schema = text_in(document, "output_schema"),
                              .udtf_spec = text_in(document, "udtf_spec")};
}

void forget_kept_view(const Session& session, const ns::Client& client,
                      const model::ObjectId& view) {
    std::error_code ignored;
    std::filesystem::remove(kept_view_file(session, client, view), ignored);
}

model::ObjectId beside_new(model::ObjectId view) {
    view.parts.back() += "__genevactl_new";
    return view;
}

model::ObjectId beside_old(model::ObjectId view) {
    view.parts.back() += "__genevactl_old";
    return view;
}

}  // namespace genevactl::run
