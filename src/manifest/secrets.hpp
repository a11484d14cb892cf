// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace genevactl::manifest {

/// Has the text the form of a key or token that a service gives out (cloud keys, tokens with a
/// known prefix, private keys, JSON web tokens, a URL with a password)?
bool looks_like_secret(std::string_view text);

/// Does a URL in the text hold a password, a token as user name, or a secret in its query? A
/// ${NAME} in its place, which pip fills in, is none.
bool holds_credentials(std::string_view text);

/// The text without what holds_credentials() finds.
std::string without_credentials(std::string_view text);

}  // namespace genevactl::manifest
