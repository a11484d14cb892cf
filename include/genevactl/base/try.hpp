// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "genevactl/base/error.hpp"

/// Returns the error of a Result or Status from the enclosing function; nothing else happens.
/// Included by sources only, never by another header.
#define GENEVACTL_CHECK(expression)                                      \
    do {                                                                 \
        if (auto checked_ = (expression); !checked_) {                   \
            return ::genevactl::base::fail(std::move(checked_).error()); \
        }                                                                \
    } while (false)

// NOLINTBEGIN(bugprone-macro-parentheses): a declaration and a name cannot stand in parentheses.
#define GENEVACTL_JOIN_(a, b) a##b
#define GENEVACTL_NAME_(a, b) GENEVACTL_JOIN_(a, b)
#define GENEVACTL_TRY_(holder, declaration, expression)            \
    auto holder = (expression);                                    \
    if (!holder) {                                                 \
        return ::genevactl::base::fail(std::move(holder).error()); \
    }                                                              \
    declaration = std::move(holder).value()

/// `GENEVACTL_TRY(auto text, read_file(path));` declares `text` or returns the error.
#define GENEVACTL_TRY(declaration, expression) \
    GENEVACTL_TRY_(GENEVACTL_NAME_(result_, __LINE__), declaration, expression)
// NOLINTEND(bugprone-macro-parentheses)
