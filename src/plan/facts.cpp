// SPDX-License-Identifier: Apache-2.0
// What a plan that is kept in a file is compared with before it is carried out.
#include "genevactl/base/text.hpp"
#include "genevactl/model/registration.hpp"
#include "maker.hpp"

namespace genevactl::plan {

namespace {

void put(model::StringMap& facts, const char* name, const std::string& value) {
    if (!value.empty()) facts[name] = value;
}

std::string checksum_of(const std::optional<model::PinnedManifest>& manifest) {
    return manifest ? manifest->checksum : std::string();
}

void put_kept(model::StringMap& facts, const model::StringMap& metadata) {
    for (const char* key : {model::k_identity_key, model::k_registered_key}) {
        if (const auto found = metadata.find(key); found != metadata.end()) {
            facts[key] = found->second;
        }
    }
}

void put_transform(model::StringMap& facts,
                   const std::optional<model::TransformDescription>& transform) {
    if (!transform) return;
    facts["transform"] = transform->target;
    facts["identity"] = transform->identity;
    facts["inputs"] = base::join(transform->inputs, ",");
    std::vector<std::string> types;
    for (const auto& output : transform->outputs) {
        types.push_back(output.type);
    }
    facts["type"] = base::join(types, ",");
}

void put_field(model::StringMap& facts, const std::string& prefix, const model::Field& field) {
    facts[prefix + "type"] = field.type;
    const auto snapshot = model::column_snapshot(field);
    if (!snapshot) return;
    facts[prefix + "transform"] = snapshot->udf_name;
    facts[prefix + "payload"] = snapshot->udf;
    facts[prefix + "inputs"] = base::join(snapshot->inputs, ",");
    put(facts, (prefix + "manifest").c_str(), checksum_of(snapshot->manifest));
    put_kept(facts, field.metadata);
}

}  // namespace

Facts facts_of(const WantedColumn& column, const model::TableDescription* table) {
    Facts facts{.target = column.text()};
    for (const auto& name : column.columns) {
        const auto prefix = column.columns.size() == 1 ? std::string() : name + ".";
        if (const auto* field = table == nullptr ? nullptr : table->schema.find(name)) {
            put_field(facts.deployment, prefix, *field);
        }
    }
    put_transform(facts.local, column.transform);
    put(facts.local, "expression", column.expression.value_or(""));
    put(facts.local, "manifest", checksum_of(column.manifest));
    put(facts.local, "where", column.where.value_or(""));
    facts.local["backfill"] = project::name_of(column.due);
    return facts;
}

Facts facts_of(const WantedView& view, const model::TableDescription* table) {
    Facts facts{.target = view.name.text()};
    const auto definition = table == nullptr ? std::nullopt : model::view_definition(table->schema);
    if (definition) {
        facts.deployment["kind"] = model::name_of(definition->kind);
        facts.deployment["source"] = definition->source.text();
        put(facts.deployment, "query", definition->query);
        put(facts.deployment, "manifest", checksum_of(definition->manifest));
        put_kept(facts.deployment, table->schema.metadata);
    } else if (table != nullptr) {
        facts.deployment["kind"] = "table";
    }
    facts.local["kind"] = view.kind ? std::string(model::name_of(*view.kind)) : "keep";
    put(facts.local, "source", view.source.text());
    for (const auto& column : view.select) {
        auto& select = facts.local["select"];
        select += (select.empty() ? "" : ",") + column.text();
    }
    put(facts.local, "where", view.where);
    put(facts.local, "partition_by", view.partition_by);
    put_transform(facts.local, view.transform);
    put(facts.local, "manifest", checksum_of(view.manifest));
    facts.local["refresh"] = project::name_of(view.due);
    return facts;
}

}  // namespace genevactl::plan
