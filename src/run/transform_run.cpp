// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cell_text.hpp"
#include "documents.hpp"
#include "genevactl/base/files.hpp"
#include "genevactl/base/text.hpp"
#include "genevactl/base/try.hpp"
#include "genevactl/bridge/trial.hpp"
#include "genevactl/run/verbs.hpp"
#include "inputs.hpp"
#include "trial_environment.hpp"

namespace genevactl::run {

namespace {

constexpr std::size_t k_shown = 60;  // columns of a value in the table

struct Tried {
    ns::Rows inputs;
    ns::Rows outputs;
    bridge::Trial trial;
};

base::Result<TrialEnvironment> environment_for(Session& session, const TransformRun& request) {
    if (request.manifest) {
        GENEVACTL_TRY(const auto manifest, read_manifest(session, *request.manifest));
        return make_trial_environment(session, manifest);
    }
    GENEVACTL_TRY(auto interpreter, session.interpreter());
    return TrialEnvironment{.interpreter = std::move(interpreter),
                            .surroundings = session.surroundings()};
}

/// The columns to fetch, in the order and under the names of the table; all of them for a transform
/// that names none.
base::Result<std::vector<std::string>> columns_to_fetch(
    const model::TableDescription& table, const model::TransformDescription& transform) {
    std::vector<std::string> columns;
    for (const auto& input : transform.inputs) {
        model::FieldPath path{{input}};
        if (table.schema.find(input) == nullptr) {
            GENEVACTL_TRY(path, model::FieldPath::parse(input));
            const auto own = table.schema.spelled(path);
            if (!own) return base::fail(std::move(find_column(table, path)).error());
            path = *own;
        }
        columns.push_back(api_name(path));
    }
    return columns.empty() ? table.schema.names() : columns;
}

base::Result<std::string> fetch(ns::Client& client, const model::ObjectId& id,
                                const TransformRun& request,
                                const model::TransformDescription& transform) {
    GENEVACTL_TRY(const auto table, describe(client, id));
    auto columns = columns_to_fetch(table, transform);
    if (!columns) {
        return base::fail(
            std::move(columns).error().while_doing("checking the inputs of " + transform.target));
    }
    return client.query_ipc(
        id, {.columns = std::move(*columns), .filter = request.where, .limit = request.rows});
}

void say_what_differs(Session& session, const TransformRun& request,
                      const model::TransformDescription& transform) {
    if (!request.manifest && transform.manifest) {
        session.reporter().note(
            fmt::format("it runs in your own environment, not in that of the manifest {} that the "
                        "decorator pins; give the manifest with --manifest FILE",
                        short_manifest(transform.manifest)));
    }
}

/// Fetches the rows and runs the transform on them, by way of files in a folder of its own.
base::Result<Tried> try_it(Session& session, const TransformRun& request, const model::ObjectId& id,
                           const TrialEnvironment& environment) {
    GENEVACTL_TRY(auto* client, session.client());
    session.reporter().step("reading " + request.target);
    GENEVACTL_TRY(const auto transform,
                  bridge::describe_transform(
                      environment.surroundings, environment.interpreter,
                      {.target = request.target, .input_columns = request.input_columns}));
    say_what_differs(session, request, transform);
    GENEVACTL_TRY(const auto rows, fetch(*client, id, request, transform));
    GENEVACTL_TRY(auto inputs, ns::Rows::read(rows));
    GENEVACTL_TRY(const auto folder, base::TemporaryDirectory::create("genevactl-run-"));
    const bridge::TrialRequest asked{.target = request.target,
                                     .input_columns = request.input_columns,
                                     .rows = folder.path() / "rows.arrow",
                                     .results = folder.path() / "results.arrow"};
    GENEVACTL_CHECK(base::write_atomic(asked.rows, rows, 0600));
    session.reporter().step(
        fmt::format("running {} on {}", request.target, base::plural(inputs.size(), "row")));
    GENEVACTL_TRY(auto trial,
                  bridge::run_transform(environment.surroundings, environment.interpreter, asked));
    GENEVACTL_TRY(const auto results, base::read_file(asked.results));
    GENEVACTL_TRY(auto outputs, ns::Rows::read(results));
    return Tried{std::move(inputs), std::move(outputs), std::move(trial)};
}

std::vector<std::string> value_names(const ns::Rows& rows) {
    std::vector<std::string> names;
    for (const auto& name : rows.schema().names()) {
        if (name != bridge::k_source_row) names.push_back(name);
    }
    return names;
}

Json trial_values(const ns::Rows& rows, std::int64_t row) {
    auto values = Json::object();
    for (const auto& name : value_names(rows)) {
        values[name] = Json::parse(rows.json(name, row), nullptr, false);
    }
    return values;
}

/// The number, from 1, of the input row that a result was made of; nothing for table functions.
std::optional<std::int64_t> source_row_of(const ns::Rows& outputs, std::int64_t row) {
    const auto source = outputs.integer(bridge::k_source_row, row);
    return source ? std::optional(*source + 1) : std::nullopt;
}

Json trial_document(const Tried& tried, const TransformRun& request,
                    const TrialEnvironment& environment) {
    auto document = versioned();
    document["transform"] = tried.trial.transform.target;
    document["identity"] = tried.trial.transform.identity;
    document["table"] = request.table;
    document["installed"] = environment.requirements;
    document["inputs"] = Json::array();
    for (std::int64_t row = 0; row < tried.inputs.size(); ++row) {
        document["inputs"].push_back(trial_values(tried.inputs, row));
    }
    document["outputs"] = Json::array();
    for (std::int64_t row = 0; row < tried.outputs.size(); ++row) {
        const auto source = source_row_of(tried.outputs, row);
        Json entry;
        entry["row"] = source ? Json(*source) : Json(nullptr);
        entry["values"] = trial_values(tried.outputs, row);
        document["outputs"].push_back(std::move(entry));
    }
    document["notes"] = tried.trial.notes;
    return document;
}

void add_cells(std::vector<model::Cell>& cells, const ns::Rows& rows, std::int64_t row,
               model::Tone tone) {
    for (const auto& field : rows.schema().fields) {
        if (field.name == bridge::k_source_row) continue;
        const auto value = Json::parse(rows.json(field.name, row), nullptr, false);
        cells.push_back({base::elide(cell_text(value, field), k_shown),
                         value.is_null() ? model::Tone::dim : tone});
    }
}

model::Table trial_table(const ns::Rows& rows, const std::string& when_empty) {
    model::Table table{.headings = value_names(rows), .when_empty = when_empty};
    for (std::int64_t row = 0; row < rows.size(); ++row) {
        std::vector<model::Cell> cells;
        add_cells(cells, rows, row, model::Tone::plain);
        table.rows.push_back(std::move(cells));
    }
    return table;
}

/// Every result beside the row that it was made of; a table function's after all the rows.
std::vector<model::Block> trial_blocks(const Tried& tried) {
    const auto nothing = "no row was fetched: the transform ran on nothing";
    if (tried.trial.transform.kind == "udtf") {
        return {trial_table(tried.inputs, nothing), model::Text{{""}},
                trial_table(tried.outputs, "it gave no row")};
    }
    model::Table table{.headings = {"ROW"},
                       .when_empty = tried.inputs.size() == 0 ? nothing : "it gave no row"};
    for (const auto* rows : {&tried.inputs, &tried.outputs}) {
        for (const auto& name : value_names(*rows))
            table.headings.push_back(name);
    }
    for (std::int64_t row = 0; row < tried.outputs.size(); ++row) {
        const auto source = source_row_of(tried.outputs, row).value_or(row + 1);
        std::vector<model::Cell> cells = {{std::to_string(source), model::Tone::dim}};
        if (source > tried.inputs.size()) continue;
        add_cells(cells, tried.inputs, source - 1, model::Tone::plain);
        add_cells(cells, tried.outputs, row, model::Tone::strong);
        table.rows.push_back(std::move(cells));
    }
    return {std::move(table)};
}

}  // namespace

Answer transform_run(Session& session, const TransformRun& request) {
    GENEVACTL_TRY(const auto id, model::ObjectId::parse(request.table));
    if (request.rows < 1) {
        return base::fail(base::ErrorKind::usage, "--rows must be at least 1");
    }
    GENEVACTL_TRY(const auto environment, environment_for(session, request));
    auto tried = try_it(session, request, id, environment);
    session.reporter().finish();
    if (!tried) return base::fail(std::move(tried).error());
    for (const auto& note : tried->trial.notes) {
        session.reporter().note(note);
    }
    return outcome_of(trial_document(*tried, request, environment), request.target,
                      trial_blocks(*tried));
}

}  // namespace genevactl::run
