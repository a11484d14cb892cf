// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "genevactl/capture/fingerprint.hpp"

namespace genevactl::capture {

/// What a file's first bytes (all of them for a small file) look like: a native module by its
/// magic number (ELF gABI, Mach-O, PE/COFF), a PEM private key (RFC 7468), a token whose shape its
/// issuer documents. The last two with Reading::secrets alone.
Looks looks_of(std::string_view head, Reading reading = Reading::secrets);

}  // namespace genevactl::capture
