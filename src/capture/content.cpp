// SPDX-License-Identifier: Apache-2.0
#include "content.hpp"

#include <algorithm>

#include "genevactl/base/text.hpp"
#include "genevactl/base/tokens.hpp"

namespace genevactl::capture {

namespace {

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// "-----BEGIN … PRIVATE KEY-----" with base64 below it; a program that only speaks of such a line
/// has none.
bool has_private_key(std::string_view text) {
    constexpr std::string_view k_end = "PRIVATE KEY-----";
    constexpr std::size_t k_least = 40;  // characters of base64
    for (auto at = text.find(k_end); at != std::string_view::npos; at = text.find(k_end, at + 1)) {
        const auto line = text.substr(0, at);
        if (line.substr(line.rfind('\n') + 1).find("-----BEGIN ") == std::string_view::npos) {
            continue;
        }
        auto body = text.substr(at + k_end.size());
        while (base::starts_with(body, "\\n") || base::starts_with(body, "\\r")) {
            body.remove_prefix(2);  // a key within JSON
        }
        body.remove_prefix(std::min(body.find_first_not_of("\r\n "), body.size()));
        const auto is_base64 = [](char c) { return is_word(c) || c == '+' || c == '/'; };
        if (body.size() >= k_least && std::ranges::all_of(body.substr(0, k_least), is_base64)) {
            return true;
        }
    }
    return false;
}

/// A plan that is kept among the files that it is about would be out of date at once.
bool is_plan(std::string_view head) {
    constexpr std::size_t k_first_members = 128;  // bytes
    return base::starts_with(head, "{") &&
           head.substr(0, k_first_members).find("\"kind\":\"genevactl-plan\"") !=
               std::string_view::npos;
}

Looks native(std::string_view head) {
    using namespace std::string_view_literals;
    constexpr std::size_t k_elf_machine = 18;
    if (base::starts_with(head,
                          "\x7f"sv
                          "ELF") &&
        head.size() > k_elf_machine) {
        const auto machine = static_cast<unsigned char>(head[k_elf_machine]);
        return machine == 62    ? Looks::elf_x86_64
               : machine == 183 ? Looks::elf_aarch64
                                : Looks::elf_other;
    }
    for (const auto magic : {"\xcf\xfa\xed\xfe"sv, "\xce\xfa\xed\xfe"sv, "\xca\xfe\xba\xbe"sv}) {
        if (base::starts_with(head, magic)) {
            return Looks::mach_o;
        }
    }
    constexpr std::size_t k_pe_offset = 0x3c;
    if (base::starts_with(head, "MZ") && head.size() > k_pe_offset + 2) {
        const auto at = static_cast<std::size_t>(static_cast<unsigned char>(head[k_pe_offset])) |
                        static_cast<std::size_t>(static_cast<unsigned char>(head[k_pe_offset + 1]))
                            << 8U;
        if (head.substr(std::min(at, head.size()), 4) == "PE\0\0"sv) {
            return Looks::pe;
        }
    }
    return Looks::ordinary;
}

}  // namespace

Looks looks_of(std::string_view head, Reading reading) {
    if (const auto found = native(head); found != Looks::ordinary) {
        return found;
    }
    if (reading != Reading::secrets) {
        return Looks::ordinary;
    }
    if (is_plan(head)) {
        return Looks::plan;
    }
    if (has_private_key(head)) {
        return Looks::private_key;
    }
    return base::holds_token(head) ? Looks::token : Looks::ordinary;
}

}  // namespace genevactl::capture
