// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "genevactl/base/descriptor.hpp"
#include "genevactl/base/error.hpp"
#include "genevactl/capture/tree.hpp"

namespace genevactl::capture {

/// How much of a file is read at once, in bytes.
inline constexpr std::size_t k_piece = std::size_t{256} << 10U;

/// A file of a tree that is read, and must be the one that was found.
class InputFile {
public:
    /// Errors: failed, if it cannot be opened or is not the file that the walk saw any more.
    static base::Result<InputFile> open(const File& file);
    /// Fills the buffer with what is behind `offset`, as far as the file goes: fewer bytes than
    /// asked for mean its end. Several threads may read at once.
    base::Result<std::string_view> read_at(std::uint64_t offset, std::span<char> buffer) const;

private:
    InputFile(base::Descriptor descriptor, const File& file)
        : m_descriptor(std::move(descriptor)), m_file(&file) {}
    base::Descriptor m_descriptor;
    const File* m_file;
};

/// "PATH changed while it was read", with what to do.
tl::unexpected<base::Error> changed_meanwhile(const File& file);

}  // namespace genevactl::capture
