// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "genevactl/base/error.hpp"

namespace genevactl::base {

/// The text of an errno value.
inline std::string reason(int number) {
    return std::generic_category().message(number);
}

/// "cannot WHAT PATH: REASON".
tl::unexpected<Error> file_error(std::string_view what, const std::filesystem::path& path,
                                 int number);

/// Owns a file descriptor.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) : m_number(number) {}
    Descriptor(Descriptor&& other) noexcept : m_number(std::exchange(other.m_number, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        if (this != &other) {
            close();
            m_number = std::exchange(other.m_number, -1);
        }
        return *this;
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { close(); }

    int get() const { return m_number; }
    bool open() const { return m_number >= 0; }
    /// 0 or the errno of the failed close.
    int close() {
        const int number = std::exchange(m_number, -1);
        return number >= 0 && ::close(number) != 0 ? errno : 0;
    }

private:
    int m_number = -1;
};

}  // namespace genevactl::base
