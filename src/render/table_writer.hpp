// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

#include "genevactl/model/outcome.hpp"
#include "genevactl/render/render.hpp"

namespace genevactl::render {

/// The cell on one line, cut or filled to `width` columns; the last one of a line is not filled.
std::string padded(const model::Cell& cell, std::size_t width, bool right, bool last, bool color);

/// Prints a table, which may come in several parts: the columns of a later part are at least as
/// wide. The headings are printed once.
class TableWriter {
public:
    /// Both outlive the writer.
    TableWriter(const Style& style, std::ostream& out) : m_style(style), m_out(out) {}

    void write(const model::Table& part);

private:
    void widen(const std::vector<std::size_t>& widths);
    void line(const std::vector<model::Cell>& cells, const std::vector<bool>& right_aligned);

    const Style& m_style;
    std::ostream& m_out;
    std::vector<std::size_t> m_natural = {};  ///< what the cells so far want
    std::vector<std::size_t> m_widths = {};   ///< what they get
    bool m_begun = false;
};

}  // namespace genevactl::render
