// SPDX-License-Identifier: Apache-2.0
#include "arrow_values.hpp"

#include <cmath>
#include <limits>
#include <string_view>

#include <fmt/format.h>

#include "arrow_time.hpp"
#include "genevactl/base/digest.hpp"
#include "genevactl/base/json_text.hpp"

namespace genevactl::ns {

namespace {

/// A text, or the number that has none.
void append_text_or(std::string& out, const std::optional<std::string>& text, std::int64_t number) {
    if (text) {
        base::append_json_text(out, *text);
    } else {
        out += std::to_string(number);
    }
}

void append_temporal(std::string& out, const ValueType& type, std::int64_t value) {
    switch (type.id) {
        case NANOARROW_TYPE_TIMESTAMP:
            append_text_or(out, timestamp_text(type.unit, type.has_zone, value), value);
            break;
        case NANOARROW_TYPE_DATE32:
            append_text_or(out, day_text(value), value);
            break;
        case NANOARROW_TYPE_DATE64:
            append_text_or(out, day_text(day_of_milliseconds(value)), day_of_milliseconds(value));
            break;
        default:
            append_text_or(out, time_of_day_text(type.unit, value), value);
    }
}

template <typename Float>
void append_float(std::string& out, Float value) {
    if (std::isnan(value)) {
        out += "\"NaN\"";
    } else if (std::isinf(value)) {
        out += value < 0 ? "\"-Infinity\"" : "\"Infinity\"";
    } else {
        out += fmt::format("{}", value);  // the shortest text that reads back as the same number
    }
}

void append_decimal(std::string& out, const ValueType& type, const ArrowArrayView& view,
                    std::int64_t row) {
    ArrowDecimal decimal;
    ArrowDecimalInit(&decimal, type.bits, 1, type.scale);
    ArrowArrayViewGetDecimalUnsafe(&view, row, &decimal);
    nanoarrow::UniqueBuffer digits;
    if (ArrowDecimalAppendStringToBuffer(&decimal, digits.get()) != NANOARROW_OK) {
        out += "null";
        return;
    }
    base::append_json_text(out, {reinterpret_cast<const char*>(digits->data),
                                 static_cast<std::size_t>(digits->size_bytes)});
}

std::string_view bytes_at(const ArrowArrayView& view, std::int64_t row) {
    const auto bytes = ArrowArrayViewGetBytesUnsafe(&view, row);
    return {bytes.data.as_char, static_cast<std::size_t>(bytes.size_bytes)};
}

void append_list(std::string& out, const ValueType& type, const ArrowArrayView& view,
                 Elements elements) {
    out.push_back('[');
    for (std::int64_t i = 0; i < elements.count; ++i) {
        if (i != 0) out.push_back(',');
        append_json(out, type.children.at(0), *view.children[0], elements.first + i);
    }
    out.push_back(']');
}

void append_struct(std::string& out, const ValueType& type, const ArrowArrayView& view,
                   std::int64_t row) {
    out.push_back('{');
    for (std::size_t i = 0; i < type.children.size(); ++i) {
        if (i != 0) out.push_back(',');
        base::append_json_text(out, type.children[i].name);
        out.push_back(':');
        append_json(out, type.children[i], *view.children[i], row);
    }
    out.push_back('}');
}

/// The row of the dictionary's values that a row stands for.
std::optional<std::int64_t> dictionary_row(const ArrowArrayView& view, std::int64_t row) {
    const auto index = ArrowArrayViewGetIntUnsafe(&view, row);
    if (view.dictionary == nullptr || index < 0 || index >= view.dictionary->length) {
        return std::nullopt;
    }
    return index;
}

void append_plain(std::string& out, const ValueType& type, const ArrowArrayView& view,
                  std::int64_t row) {
    switch (type.id) {
        case NANOARROW_TYPE_BOOL:
            out += ArrowArrayViewGetIntUnsafe(&view, row) != 0 ? "true" : "false";
            break;
        case NANOARROW_TYPE_UINT64:
            out += std::to_string(ArrowArrayViewGetUIntUnsafe(&view, row));
            break;
        case NANOARROW_TYPE_HALF_FLOAT:
        case NANOARROW_TYPE_FLOAT:
            append_float(out, static_cast<float>(ArrowArrayViewGetDoubleUnsafe(&view, row)));
            break;
        case NANOARROW_TYPE_DOUBLE:
            append_float(out, ArrowArrayViewGetDoubleUnsafe(&view, row));
            break;
        case NANOARROW_TYPE_STRING:
        case NANOARROW_TYPE_LARGE_STRING:
            base::append_json_text(out, bytes_at(view, row));
            break;
        case NANOARROW_TYPE_BINARY:
        case NANOARROW_TYPE_LARGE_BINARY:
        case NANOARROW_TYPE_FIXED_SIZE_BINARY:
            base::append_json_text(out, base::base64_encode(bytes_at(view, row)));
            break;
        case NANOARROW_TYPE_TIMESTAMP:
        case NANOARROW_TYPE_DATE32:
        case NANOARROW_TYPE_DATE64:
        case NANOARROW_TYPE_TIME32:
        case NANOARROW_TYPE_TIME64:
            append_temporal(out, type, ArrowArrayViewGetIntUnsafe(&view, row));
            break;
        default:
            if (const auto number = integer_value(type, view, row)) {
                out += std::to_string(*number);
            } else {
                out += "null";
            }
    }
}

}  // namespace

std::optional<std::string_view> text_value(const ValueType& type, const ArrowArrayView& view,
                                           std::int64_t row) {
    if (ArrowArrayViewIsNull(&view, row) != 0) return std::nullopt;
    if (type.dictionary) {
        const auto value = dictionary_row(view, row);
        return value ? text_value(*type.dictionary, *view.dictionary, *value) : std::nullopt;
    }
    switch (type.id) {
        case NANOARROW_TYPE_STRING:
        case NANOARROW_TYPE_LARGE_STRING:
        case NANOARROW_TYPE_BINARY:
        case NANOARROW_TYPE_LARGE_BINARY:
        case NANOARROW_TYPE_FIXED_SIZE_BINARY:
            return bytes_at(view, row);
        default:
            return std::nullopt;
    }
}

std::optional<std::int64_t> integer_value(const ValueType& type, const ArrowArrayView& view,
                                          std::int64_t row) {
    if (ArrowArrayViewIsNull(&view, row) != 0 || type.dictionary) return std::nullopt;
    switch (type.id) {
        case NANOARROW_TYPE_UINT64: {
            const auto number = ArrowArrayViewGetUIntUnsafe(&view, row);
            if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
                return std::nullopt;
            }
            return static_cast<std::int64_t>(number);
        }
        case NANOARROW_TYPE_BOOL:
        case NANOARROW_TYPE_INT8:
        case NANOARROW_TYPE_INT16:
        case NANOARROW_TYPE_INT32:
        case NANOARROW_TYPE_INT64:
        case NANOARROW_TYPE_UINT8:
        case NANOARROW_TYPE_UINT16:
        case NANOARROW_TYPE_UINT32:
        case NANOARROW_TYPE_DATE32:
        case NANOARROW_TYPE_DATE64:
        case NANOARROW_TYPE_TIME32:
        case NANOARROW_TYPE_TIME64:
        case NANOARROW_TYPE_TIMESTAMP:
        case NANOARROW_TYPE_DURATION:
            return ArrowArrayViewGetIntUnsafe(&view, row);
        default:
            return std::nullopt;
    }
}

std::optional<base::WallTime> time_value(const ValueType& type, const ArrowArrayView& view,
                                         std::int64_t row) {
    if (type.id != NANOARROW_TYPE_TIMESTAMP || type.dictionary) return std::nullopt;
    if (ArrowArrayViewIsNull(&view, row) != 0) return std::nullopt;
    return wall_time(type.unit, ArrowArrayViewGetIntUnsafe(&view, row));
}

std::optional<Elements> list_value(const ValueType& type, const ArrowArrayView& view,
                                   std::int64_t row) {
    if (type.children.size() != 1 || ArrowArrayViewIsNull(&view, row) != 0) return std::nullopt;
    switch (type.id) {
        case NANOARROW_TYPE_LIST:
        case NANOARROW_TYPE_LARGE_LIST:
        case NANOARROW_TYPE_MAP:
            break;
        case NANOARROW_TYPE_FIXED_SIZE_LIST:  // which has no offsets: nanoarrow answers -1 for it
            return Elements{row * view.layout.child_size_elements, view.layout.child_size_elements};
        default:
            return std::nullopt;
    }
    const auto first = ArrowArrayViewListChildOffset(&view, row);
    return Elements{first, ArrowArrayViewListChildOffset(&view, row + 1) - first};
}

void append_json(std::string& out, const ValueType& type, const ArrowArrayView& view,
                 std::int64_t row) {
    if (type.id == NANOARROW_TYPE_NA || ArrowArrayViewIsNull(&view, row) != 0) {
        out += "null";
    } else if (type.dictionary) {
        const auto value = dictionary_row(view, row);
        if (value) {
            append_json(out, *type.dictionary, *view.dictionary, *value);
        } else {
            out += "null";
        }
    } else if (const auto elements = list_value(type, view, row)) {
        append_list(out, type, view, *elements);
    } else if (type.id == NANOARROW_TYPE_STRUCT) {
        append_struct(out, type, view, row);
    } else if (type.bits != 0) {
        append_decimal(out, type, view, row);
    } else {
        append_plain(out, type, view, row);
    }
}

}  // namespace genevactl::ns
