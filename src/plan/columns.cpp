// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "genevactl/base/text.hpp"
#include "genevactl/model/same_type.hpp"
#include "maker.hpp"

namespace genevactl::plan {

using base::ErrorKind;

namespace {

std::string drop_and_apply(const WantedColumn& column) {
    std::vector<std::string> names;
    for (const auto& name : column.columns) {
        names.push_back(base::shell_quote(model::FieldPath{{name}}.text()));
    }
    return fmt::format(
        "`genevactl column drop {} {} --yes` drops it with its values; the next "
        "apply adds it again",
        base::shell_quote(column.table.text()), base::join(names, " "));
}

/// What of a registration is not as the file and the code have it; empty if all is.
std::vector<std::string> drifts(const model::ColumnSnapshot& snapshot, const WantedColumn& column) {
    std::vector<std::string> reasons;
    const auto& transform = *column.transform;
    const auto compared = compare_identities(snapshot.identity, transform.identity);
    if (compared == Compared::differs) {
        reasons.push_back(fmt::format("{} changed ({}, registered {})", transform.target,
                                      short_identity(transform.identity),
                                      short_identity(snapshot.identity)));
    } else if (compared == Compared::unknown && snapshot.udf_name != transform.name) {
        reasons.push_back(fmt::format("computed by {}, the file says {} ({})", snapshot.udf_name,
                                      transform.target, transform.name));
    }
    if (reasons.empty() && snapshot.inputs != transform.inputs && !transform.inputs.empty()) {
        reasons.push_back(fmt::format("reads {}, the file says {}",
                                      base::join(snapshot.inputs, ", "),
                                      base::join(transform.inputs, ", ")));
    }
    if (auto drift = manifest_drift(snapshot.manifest, column.manifest)) {
        reasons.push_back(std::move(*drift));
    }
    return reasons;
}

class ColumnPlanner {
public:
    ColumnPlanner(Maker& maker, std::size_t index)
        : m_maker(maker), m_index(index), m_column(maker.wanted.columns[index]) {}

    void run() {
        const auto* table = m_maker.table(m_column.table);
        m_maker.plan.facts.push_back(facts_of(m_column, table));
        if (table == nullptr && m_maker.making(m_column.table) == nullptr) {
            stop(ErrorKind::not_found, fmt::format("there is no table {}", m_column.table.text()),
                 "make the table first; `genevactl table list` shows those that are there");
            return;
        }
        std::vector<const model::Field*> fields;
        for (const auto& name : m_column.columns) {
            if (const auto* field = table == nullptr ? nullptr : table->schema.find(name)) {
                fields.push_back(field);
            }
        }
        if (fields.empty()) {
            add();
        } else if (fields.size() < m_column.columns.size()) {
            stop(ErrorKind::conflict,
                 fmt::format("{} has some of the outputs of {} and lacks others",
                             m_column.table.text(), m_column.transform->target),
                 "drop those that are there, or rename them in the transform");
        } else {
            compare(*table, fields);
        }
    }

private:
    void stop(ErrorKind kind, std::string message, std::string hint) {
        m_maker.stop(m_column.text(), kind, std::move(message), std::move(hint));
    }

    Step step(Action action, std::string reason) const {
        Step step{.action = action,
                  .table = m_column.table,
                  .columns = m_column.columns,
                  .reason = std::move(reason),
                  .wanted = m_index};
        if (!is_job(action)) {
            step.after = m_column.manifest;
        }
        return step;
    }

    void add() {
        if (!m_column.transform && !m_column.expression) {
            stop(ErrorKind::not_found, "it is to be kept, and is not there",
                 fmt::format("give its transform or expression at {}", m_column.place));
            return;
        }
        m_maker.add(step(Action::add_column, "is not there"));
        if (m_column.transform && m_column.due != project::Due::never) {
            backfill("a new column", false, nullptr);
        }
    }

    void compare(const model::TableDescription& table,
                 const std::vector<const model::Field*>& fields) {
        const auto snapshot = model::column_snapshot(*fields.front());
        if (m_column.expression) {
            compare_expression(snapshot);
        } else if (!snapshot && m_column.transform) {
            stop(ErrorKind::conflict, "it is a plain column, not one that a transform computes",
                 drop_and_apply(m_column) + ", or choose another name in the file");
        } else if (!m_column.transform) {
            if (snapshot) plan_job(*snapshot, *fields.front());
        } else {
            compare_transform(table, *snapshot, fields);
        }
    }

    void compare_expression(const std::optional<model::ColumnSnapshot>& snapshot) {
        if (snapshot) {
            stop(ErrorKind::conflict,
                 fmt::format("it is computed by the transform {}, not by an SQL expression",
                             snapshot->udf_name),
                 drop_and_apply(m_column));
        }
    }

    void compare_transform(const model::TableDescription& table,
                           const model::ColumnSnapshot& snapshot,
                           const std::vector<const model::Field*>& fields) {
        const auto reasons = drifts(snapshot, m_column);
        if (compare_identities(snapshot.identity, m_column.transform->identity) ==
            Compared::unknown) {
            m_maker.note(fmt::format(
                "{}: was registered without an identity that can be compared: whether {} changed "
                "since cannot be told (`genevactl column alter` keeps one)",
                m_column.text(), m_column.transform->target));
        }
        if (!same_types(fields)) {
            return;
        }
        if (reasons.empty()) {
            plan_job(snapshot, *fields.front());
            return;
        }
        const bool alone =
            model::sibling_columns(table.schema, m_column.columns.front()).size() == 1;
        if (!alone) {
            stop(ErrorKind::conflict,
                 fmt::format("{}; the outputs of one transform cannot be re-pointed",
                             base::join(reasons, "; ")),
                 drop_and_apply(m_column));
            return;
        }
        repoint(snapshot, reasons);
    }

    bool same_types(const std::vector<const model::Field*>& fields) {
        const auto& outputs = m_column.transform->outputs;
        for (std::size_t i = 0; i < std::min(fields.size(), outputs.size()); ++i) {
            if (!model::same_type(fields[i]->type, outputs[i].type)) {
                stop(ErrorKind::conflict,
                     fmt::format("{} gives {}, the column is {}", m_column.transform->target,
                                 outputs[i].type, fields[i]->type),
                     "a column keeps its type: " + drop_and_apply(m_column));
                return false;
            }
        }
        return true;
    }

    void repoint(const model::ColumnSnapshot& snapshot, const std::vector<std::string>& reasons) {
        for (const auto& job : m_maker.jobs(m_column.table)) {
            if (!model::is_terminal(job.status) && job.status != model::JobStatus::unknown &&
                job.column == m_column.columns.front()) {
                stop_for_live(job, "it must not be re-pointed meanwhile");
                return;
            }
        }
        auto altering = step(Action::alter_column, base::join(reasons, "; "));
        altering.before = snapshot.manifest;
        m_maker.add(std::move(altering));
        if (m_column.due == project::Due::never) {
            m_maker.note(
                fmt::format("{}: old values are kept, since the file says backfill = "
                            "\"never\"",
                            m_column.text()));
            return;
        }
        backfill("its values are those of the old registration", true, nullptr);
    }

    void stop_for_live(const model::JobRecord& job, const std::string& why) {
        stop(ErrorKind::conflict,
             fmt::format("job {} of it is {}: {}", job.id, model::name_of(job.status), why),
             fmt::format("wait for it (genevactl job wait {0}) or cancel it (genevactl job cancel "
                         "{0})",
                         job.id));
    }

    /// The job of a column that is registered as it should be.
    void plan_job(const model::ColumnSnapshot& snapshot, const model::Field& field) {
        if (m_column.due == project::Due::never) {
            return;
        }
        const Snapshot present{.columns = m_column.columns,
                               .registration = model::registration_of(field.metadata),
                               .manifest = snapshot.manifest,
                               .where = m_column.where};
        const auto coverage = coverage_of(m_maker.jobs(m_column.table), present);
        auto reason = due_reason(coverage, present);
        const bool recompute = reason && present.has_old_values();
        if (!reason && m_column.due == project::Due::always) {
            reason = "the file says backfill = \"always\"";
        }
        if (!reason) {
            if (!coverage.doubt.empty()) {
                m_maker.note(
                    fmt::format("{}: counts as computed: {}", m_column.text(), coverage.doubt));
            }
            return;
        }
        if (coverage.live == nullptr && coverage.other != nullptr) {
            stop_for_live(*coverage.other, "it does something else than what is due");
            return;
        }
        backfill(std::move(*reason), recompute, coverage.live);
    }

    void backfill(std::string reason, bool recompute, const model::JobRecord* live) {
        auto job = step(Action::backfill, std::move(reason));
        job.recompute = recompute;
        job.where = m_column.where;
        job.follows = live == nullptr ? std::string() : live->id;
        m_maker.add(std::move(job));
    }

    Maker& m_maker;
    std::size_t m_index;
    const WantedColumn& m_column;
};

}  // namespace

void plan_column(Maker& maker, std::size_t index) {
    ColumnPlanner(maker, index).run();
}

}  // namespace genevactl::plan
