// SPDX-License-Identifier: Apache-2.0
#include "arrow_values.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <string_view>

#include <fmt/format.h>

#include "genevactl/base/digest.hpp"

namespace genevactl::ns {

namespace {

constexpr std::int64_t k_seconds_a_day = 86'400;
// What RFC 3339 can write: the years 0000 to 9999.
constexpr std::int64_t k_first_second = -62'167'219'200;
constexpr std::int64_t k_last_second = 253'402'300'799;

/// Ticks of a unit in a second, and how many digits they are.
struct Ticks {
    std::int64_t a_second;
    int digits;
};
Ticks ticks_of(ArrowTimeUnit unit) {
    switch (unit) {
        case NANOARROW_TIME_UNIT_MILLI:
            return {1'000, 3};
        case NANOARROW_TIME_UNIT_MICRO:
            return {1'000'000, 6};
        case NANOARROW_TIME_UNIT_NANO:
            return {1'000'000'000, 9};
        case NANOARROW_TIME_UNIT_SECOND:
            break;
    }
    return {1, 0};
}

/// Division that rounds down, with what is left over (never negative).
struct Divided {
    std::int64_t quotient;
    std::int64_t rest;
};
Divided divide(std::int64_t number, std::int64_t by) {
    Divided result{number / by, number % by};
    if (result.rest < 0) result = {result.quotient - 1, result.rest + by};
    return result;
}

void append_string(std::string& out, std::string_view text) {
    out += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// Date and time of a second since 1970: "2026-11-22T09:30:00", without a zone.
std::optional<std::string> second_text(std::int64_t second) {
    if (second < k_first_second || second > k_last_second) return std::nullopt;
    return base::rfc3339(base::WallTime(std::chrono::seconds(second))).substr(0, 19);
}

std::string fraction_text(std::int64_t rest, int digits) {
    return rest == 0 ? std::string() : fmt::format(".{:0{}d}", rest, digits);
}

void append_timestamp(std::string& out, const ValueType& type, std::int64_t value) {
    const auto ticks = ticks_of(type.unit);
    const auto [second, rest] = divide(value, ticks.a_second);
    const auto text = second_text(second);
    if (!text) {
        out += std::to_string(value);
        return;
    }
    append_string(out, *text + fraction_text(rest, ticks.digits) + (type.has_zone ? "Z" : ""));
}

void append_date(std::string& out, std::int64_t day) {
    const bool sane = day > -1'000'000 && day < 4'000'000;
    const auto text = sane ? second_text(day * k_seconds_a_day) : std::nullopt;
    if (text) {
        append_string(out, text->substr(0, 10));
    } else {
        out += std::to_string(day);
    }
}

void append_time_of_day(std::string& out, const ValueType& type, std::int64_t value) {
    const auto ticks = ticks_of(type.unit);
    const auto [second, rest] = divide(value, ticks.a_second);
    if (second < 0 || second >= k_seconds_a_day) {
        out += std::to_string(value);
        return;
    }
    append_string(out, fmt::format("{:02}:{:02}:{:02}{}", second / 3600, second / 60 % 60,
                                   second % 60, fraction_text(rest, ticks.digits)));
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
    append_string(out, {reinterpret_cast<const char*>(digits->data),
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
        append_string(out, type.children[i].name);
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
            append_string(out, bytes_at(view, row));
            break;
        case NANOARROW_TYPE_BINARY:
        case NANOARROW_TYPE_LARGE_BINARY:
        case NANOARROW_TYPE_FIXED_SIZE_BINARY:
            append_string(out, base::base64_encode(bytes_at(view, row)));
            break;
        case NANOARROW_TYPE_TIMESTAMP:
            append_timestamp(out, type, ArrowArrayViewGetIntUnsafe(&view, row));
            break;
        case NANOARROW_TYPE_DATE32:
            append_date(out, ArrowArrayViewGetIntUnsafe(&view, row));
            break;
        case NANOARROW_TYPE_DATE64:
            append_date(
                out,
                divide(ArrowArrayViewGetIntUnsafe(&view, row), k_seconds_a_day * 1000).quotient);
            break;
        case NANOARROW_TYPE_TIME32:
        case NANOARROW_TYPE_TIME64:
            append_time_of_day(out, type, ArrowArrayViewGetIntUnsafe(&view, row));
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

std::optional<std::string> text_value(const ValueType& type, const ArrowArrayView& view,
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
            return std::string(bytes_at(view, row));
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
    const auto value = ArrowArrayViewGetIntUnsafe(&view, row);
    const auto ticks = ticks_of(type.unit);
    const auto [second, rest] = divide(value, ticks.a_second);
    if (second < k_first_second || second > k_last_second) return std::nullopt;
    const auto micros = ticks.a_second >= 1'000'000 ? rest / (ticks.a_second / 1'000'000)
                                                    : rest * (1'000'000 / ticks.a_second);
    return base::WallTime(base::Microseconds(second * 1'000'000 + micros));
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
