// SPDX-License-Identifier: Apache-2.0
#include "table_writer.hpp"

#include <algorithm>
#include <ostream>

#include "genevactl/base/text.hpp"
#include "paint.hpp"

namespace genevactl::render {

using model::Cell;

namespace {

constexpr std::size_t k_gap = 2;           // blanks between columns
constexpr std::size_t k_least_column = 8;  // a column is not cut below this

/// What a terminal may see of a cell, which may hold a server's words: one line, no control
/// characters.
std::string line_of(const Cell& cell) {
    auto text = base::printable(cell.text);
    std::ranges::replace_if(
        text, [](char c) { return c == '\n' || c == '\t'; }, ' ');
    return text;
}

std::vector<std::size_t> natural_widths(const model::Table& table) {
    std::vector<std::size_t> widths;
    for (const auto& heading : table.headings) {
        widths.push_back(base::display_width(heading));
    }
    for (const auto& row : table.rows) {
        for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i) {
            widths[i] = std::max(widths[i], base::display_width(line_of(row[i])));
        }
    }
    return widths;
}

/// Takes columns from the widest until the table fits, never below k_least_column.
void fit(std::vector<std::size_t>& widths, std::size_t columns) {
    auto total = [&] {
        std::size_t sum = widths.empty() ? 0 : k_gap * (widths.size() - 1);
        for (auto width : widths) {
            sum += width;
        }
        return sum;
    };
    while (widths.size() > 1 && total() > columns) {
        // The first column names the row: a cut name could not be given to another command.
        auto widest = std::max_element(widths.begin() + 1, widths.end());
        if (*widest <= k_least_column) {
            return;
        }
        --*widest;
    }
}

}  // namespace

std::string padded(const Cell& cell, std::size_t width, bool right, bool last, bool color) {
    const auto text = base::elide(line_of(cell), width);
    const auto used = base::display_width(text);
    const std::string blanks(width > used ? width - used : 0, ' ');
    const auto painted = paint(text, cell.tone, color);
    if (right) {
        return blanks + painted;
    }
    return last ? painted : painted + blanks;
}

void TableWriter::write(const model::Table& part) {
    widen(natural_widths(part));
    const auto is_named = [](const auto& heading) { return !heading.empty(); };
    if (!m_begun && std::ranges::any_of(part.headings, is_named)) {
        std::vector<Cell> headings;
        for (const auto& heading : part.headings) {
            headings.push_back({heading, model::Tone::strong});
        }
        line(headings, part.right_aligned);
    }
    m_begun = true;
    for (const auto& row : part.rows) {
        line(row, part.right_aligned);
    }
}

void TableWriter::widen(const std::vector<std::size_t>& widths) {
    m_natural.resize(widths.size());
    std::ranges::transform(m_natural, widths, m_natural.begin(),
                           [](auto left, auto right) { return std::max(left, right); });
    m_widths = m_natural;
    if (m_style.terminal) {
        fit(m_widths, static_cast<std::size_t>(std::max(m_style.columns, 20)));
    }
}

void TableWriter::line(const std::vector<Cell>& cells, const std::vector<bool>& right_aligned) {
    for (std::size_t i = 0; i < cells.size() && i < m_widths.size(); ++i) {
        const bool right = i < right_aligned.size() && right_aligned[i];
        m_out << (i > 0 ? "  " : "")
              << padded(cells[i], m_widths[i], right, i + 1 == m_widths.size(), m_style.color);
    }
    m_out << '\n';
}

}  // namespace genevactl::render
