// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "genevactl/base/error.hpp"
#include "genevactl/namespace/client.hpp"
#include "genevactl/run/session.hpp"

namespace genevactl::run {

/// Which database of which deployment the settings mean:
///   db://NAME with a host override   that server, with the key of the settings
///   nothing but a host override      db://default there
///   a directory                      its own deployment, started by itself if none serves it
///   db://NAME or nothing, no host    the local deployment that was started last
/// Errors (usage): nothing names a deployment, object storage without one, no such directory; with
/// Start::never not_found for a directory that none serves yet.
base::Result<ns::Connection> connect(Session& session, Start start);

}  // namespace genevactl::run
