// SPDX-License-Identifier: Apache-2.0
// Reads arbitrary bytes as a query's answer, and every value of what that gives.
#include <cstdint>
#include <cstdlib>

#include "genevactl/namespace/rows.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto rows = genevactl::ns::Rows::read({reinterpret_cast<const char*>(data), size});
    if (!rows) return 0;
    std::size_t written = 0;
    for (const auto& field : rows->schema().fields) {
        // A column of nulls may have a million rows in no bytes: the first ones are as good as all.
        for (std::int64_t row = 0; row < rows->size() && row < 1000; ++row) {
            written += rows->json(field.name, row).size();
            written += rows->text(field.name, row).value_or("").size();
            written += rows->texts(field.name, row).size();
            written += rows->integer(field.name, row).has_value() ? 1 : 0;
            written += rows->time(field.name, row).has_value() ? 1 : 0;
        }
    }
    return written == SIZE_MAX ? 1 : 0;
}
