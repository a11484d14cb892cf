// SPDX-License-Identifier: Apache-2.0
// Which step waits for which, and an order that keeps it.
#include <algorithm>

#include "maker.hpp"

namespace genevactl::plan {

namespace {

using Indexes = std::vector<std::size_t>;

bool is_on(const Step& step, const model::ObjectId& table) {
    return step.action != Action::upload && step.table == table;
}

bool is_plain_name(const model::ViewColumn& column) {
    return column.name == column.expression;
}

/// Does the text name the column, as far as can be told without reading SQL? An input may be
/// quoted, or a field below the column.
bool names(const std::string& input, const std::string& column) {
    if (input == column) return true;
    const auto path = model::FieldPath::parse(input);
    return path && !path->parts.empty() && path->parts.front() == column;
}

class Order {
public:
    explicit Order(Maker& maker) : m_maker(maker), m_steps(maker.plan.steps) {}

    void run() {
        for (std::size_t i = 0; i < m_steps.size(); ++i) {
            m_steps[i].needs = needs_of(i);
        }
        sort();
    }

private:
    Indexes needs_of(std::size_t index) const {
        const auto& step = m_steps[index];
        Indexes needs;
        for (std::size_t other = 0; other < m_steps.size(); ++other) {
            if (other != index && needs_step(step, m_steps[other])) needs.push_back(other);
        }
        return needs;
    }

    bool needs_step(const Step& step, const Step& other) const {
        switch (step.action) {
            case Action::upload:
                return false;
            case Action::add_column:
            case Action::alter_column:
                return uploads_for(step, other) || makes_table_of(step, other) ||
                       (registers(other) && reads(step, other));
            case Action::create_view:
            case Action::recreate_view:
                return uploads_for(step, other) || makes_source_of(step, other) ||
                       (registers(other) && view_reads(step, other));
            case Action::backfill:
                return is_own_registration(step, other) || fills_table_of(step, other) ||
                       (other.action == Action::backfill && reads(step, other));
            case Action::refresh:
                return (makes_view(other) && other.table == step.table) ||
                       (other.action == Action::backfill && view_reads(step, other)) ||
                       (other.action == Action::refresh && source_of(step) == other.table);
            case Action::drop_column:
                return other.action != Action::drop_column;
            case Action::drop_view:
                return other.action != Action::drop_column && other.action != Action::drop_view;
        }
        return false;
    }

    static bool registers(const Step& step) {
        return step.action == Action::add_column || step.action == Action::alter_column;
    }
    static bool makes_view(const Step& step) {
        return step.action == Action::create_view || step.action == Action::recreate_view;
    }
    bool uploads_for(const Step& step, const Step& other) const {
        if (other.action != Action::upload || !step.after) return false;
        const auto& uploads = m_maker.wanted.uploads;
        return std::ranges::any_of(uploads, [&](const Upload& upload) {
            return upload.manifest == other.manifest && upload.checksum == step.after->checksum;
        });
    }
    static bool makes_table_of(const Step& step, const Step& other) {
        return makes_view(other) && is_on(other, step.table);
    }
    /// A column of a view is computed once the view has its rows.
    static bool fills_table_of(const Step& step, const Step& other) {
        return other.action == Action::refresh && other.table == step.table;
    }
    static bool is_own_registration(const Step& step, const Step& other) {
        return registers(other) && other.table == step.table && other.columns == step.columns;
    }

    /// Does the column's transform read what the other step makes, in the same table?
    bool reads(const Step& step, const Step& other) const {
        if (!step.wanted || other.table != step.table || other.columns == step.columns) {
            return false;
        }
        const auto& column = m_maker.wanted.columns[*step.wanted];
        if (column.expression) {
            // SQL is not read here: what the text does not mention it cannot read.
            return std::ranges::any_of(other.columns, [&](const std::string& name) {
                return column.expression->find(name) != std::string::npos;
            });
        }
        return column.transform && names_one_of(column.transform->inputs, other.columns);
    }

    static bool names_one_of(const std::vector<std::string>& inputs,
                             const std::vector<std::string>& columns) {
        return std::ranges::any_of(inputs, [&](const std::string& input) {
            return std::ranges::any_of(
                columns, [&](const std::string& column) { return names(input, column); });
        });
    }

    const WantedView& view_of(const Step& step) const {
        return m_maker.wanted.views[step.wanted.value_or(0)];
    }
    const model::ObjectId& source_of(const Step& step) const { return view_of(step).source; }
    bool makes_source_of(const Step& step, const Step& other) const {
        return makes_view(other) && other.table == source_of(step);
    }
    /// Does the view take along or read what the other step makes in its source?
    bool view_reads(const Step& step, const Step& other) const {
        const auto& view = view_of(step);
        if (other.table != view.source) {
            return false;
        }
        const bool every = view.select.empty() || !view.where.empty() ||
                           !std::ranges::all_of(view.select, is_plain_name) ||
                           (view.transform && view.transform->inputs.empty());
        if (every) {
            return true;
        }
        std::vector<std::string> inputs;
        for (const auto& column : view.select) {
            inputs.push_back(column.name);
        }
        if (view.transform) {
            inputs.insert(inputs.end(), view.transform->inputs.begin(),
                          view.transform->inputs.end());
        }
        return names_one_of(inputs, other.columns);
    }

    /// Steps whose needs are met, in the order in which they were found, until none is left. A
    /// circle (columns that read each other) cannot be registered in any order: its steps are left
    /// out.
    void sort() {
        Indexes order;
        std::vector<bool> placed(m_steps.size(), false);
        while (order.size() < m_steps.size()) {
            const auto before = order.size();
            for (std::size_t i = 0; i < m_steps.size(); ++i) {
                const auto met = [&](std::size_t need) { return placed[need]; };
                if (!placed[i] && std::ranges::all_of(m_steps[i].needs, met)) {
                    placed[i] = true;
                    order.push_back(i);
                    break;
                }
            }
            if (order.size() == before) {
                break_circle(placed);
                break;
            }
        }
        apply(order);
    }

    void break_circle(const std::vector<bool>& placed) {
        std::string told;
        for (std::size_t i = 0; i < m_steps.size(); ++i) {
            if (!placed[i]) told += (told.empty() ? "" : ", ") + m_steps[i].target();
        }
        m_maker.stop(told, base::ErrorKind::usage, "each of them waits for another one of them",
                     "a column cannot be computed from itself, nor a view be its own source");
    }

    void apply(const Indexes& order) {
        Indexes place(m_steps.size(), 0);
        for (std::size_t i = 0; i < order.size(); ++i) {
            place[order[i]] = i;
        }
        std::vector<Step> sorted;
        for (const auto index : order) {
            auto step = std::move(m_steps[index]);
            for (auto& need : step.needs)
                need = place[need];
            std::ranges::sort(step.needs);
            sorted.push_back(std::move(step));
        }
        m_steps = std::move(sorted);
    }

    Maker& m_maker;
    std::vector<Step>& m_steps;
};

}  // namespace

void put_in_order(Maker& maker) {
    Order(maker).run();
}

}  // namespace genevactl::plan
