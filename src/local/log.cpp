// SPDX-License-Identifier: Apache-2.0
#include "log.hpp"

#include <algorithm>
#include <fstream>
#include <system_error>

#include "genevactl/local/deployment.hpp"

namespace genevactl::local {
namespace {

constexpr std::uintmax_t k_rotate_at = std::uintmax_t{5} << 20U;
constexpr std::uintmax_t k_tail = std::uintmax_t{1} << 20U;

std::uintmax_t size_of(const std::filesystem::path& path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    return error ? 0 : size;
}

/// The bytes from `begin` up to `end`, fewer if the file ends before.
std::string read_range(const std::filesystem::path& path, std::uintmax_t begin,
                       std::uintmax_t end) {
    if (end <= begin) return {};
    std::ifstream file(path, std::ios::binary);
    file.seekg(static_cast<std::streamoff>(begin));
    std::string text(static_cast<std::size_t>(end - begin), '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
    return text;
}

}  // namespace

std::filesystem::path log_path(const std::filesystem::path& state) {
    return state / "server.log";
}

std::uintmax_t log_size(const std::filesystem::path& state) {
    return size_of(log_path(state));
}

base::Status rotate_log(const std::filesystem::path& state) {
    if (log_size(state) <= k_rotate_at) return {};
    std::error_code error;
    const auto path = log_path(state);
    std::filesystem::rename(path, state / "server.log.1", error);
    if (error) {
        return base::fail(base::ErrorKind::failed,
                          "cannot rename " + path.string() + ": " + error.message());
    }
    return {};
}

std::string last_lines_of(const std::string& text, int lines) {
    if (lines <= 0 || text.empty()) return {};
    auto begin = text.size();
    if (text.back() == '\n') --begin;
    for (int count = 0; count < lines; ++count) {
        const auto newline = begin == 0 ? std::string::npos : text.rfind('\n', begin - 1);
        if (newline == std::string::npos) return text;
        begin = newline;
    }
    return text.substr(begin + 1);
}

std::string last_lines(const std::filesystem::path& path, int lines, std::uintmax_t from) {
    const auto size = size_of(path);
    if (size <= from) return {};
    const auto begin = std::max(from, size > k_tail ? size - k_tail : 0);
    return last_lines_of(read_range(path, begin, size), lines);
}

std::string LogFollower::next() {
    const auto size = size_of(m_path);
    if (size < m_position) m_position = 0;
    auto text = read_range(m_path, m_position, std::min(size, m_position + k_tail));
    m_position += text.size();
    return text;
}

base::Result<std::string> logs(const Place& place, int lines) {
    std::error_code error;
    const auto path = log_path(place.state);
    if (!std::filesystem::exists(path, error)) {
        return base::fail(base::ErrorKind::not_found,
                          "there is no log of a local deployment for " + place.folder.string(),
                          "`genevactl local start` starts one; started in the foreground it writes "
                          "to the terminal");
    }
    auto text = last_lines(path, lines);
    const auto count = static_cast<int>(std::ranges::count(text, '\n'));
    if (count < lines) text = last_lines(place.state / "server.log.1", lines - count) + text;
    return text;
}

}  // namespace genevactl::local
