// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fstream>

#include "genevactl/base/files.hpp"
#include "scripted_transport.hpp"

namespace genevactl::test {

/// A store whose server is a function of the test's, and files to put there.
struct StoreBench {
    StoreBench(const std::string& location, const std::map<std::string, std::string>& options,
               ScriptedTransport::Answer answer, storage::Vend vend = {})
        : folder(base::TemporaryDirectory::create("genevactl-test-").value()) {
        transport.answer = std::move(answer);
        store = storage::open_store(location, store_options(options), std::move(vend),
                                    {.transport = transport,
                                     .clock = clock,
                                     .interrupt = interrupt,
                                     .state = folder.path() / "uploads",
                                     .threads = 2})
                    .value();
    }
    /// A file that begins with `text` and is zeros then, `size` bytes in all.
    std::filesystem::path file(const std::string& text, std::uint64_t size) const {
        const auto path = folder.path() / "file";
        std::ofstream(path) << text;
        std::filesystem::resize_file(path, size);
        return path;
    }

    base::TemporaryDirectory folder;
    ScriptedTransport transport;
    FakeClock clock;
    ManualInterrupt interrupt;
    std::unique_ptr<storage::Store> store;
};

}  // namespace genevactl::test
