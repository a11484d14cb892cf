// SPDX-License-Identifier: Apache-2.0
#include "curl_library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <array>

#include "genevactl/base/try.hpp"

namespace genevactl::transport {

namespace {

constexpr const char* k_hint =
    "install libcurl (on Debian and Ubuntu: apt-get install libcurl4; 7.66 or later)";

/// Looks names up in one library and remembers the first that is missing.
class Symbols {
public:
    explicit Symbols(void* library) : m_library(library) {}
    template <typename Function>
    void find(Function& function, const char* name) {
        function = reinterpret_cast<Function>(::dlsym(m_library, name));
        if (function == nullptr && m_missing == nullptr) {
            m_missing = name;
        }
    }
    const char* missing() const { return m_missing; }

private:
    void* m_library;
    const char* m_missing = nullptr;
};

base::Result<CurlLibrary> find_all(void* library, const char* library_name) {
    CurlLibrary curl;
    Symbols symbols(library);
    symbols.find(curl.global_init, "curl_global_init");
    symbols.find(curl.easy_init, "curl_easy_init");
    symbols.find(curl.easy_cleanup, "curl_easy_cleanup");
    symbols.find(curl.easy_setopt, "curl_easy_setopt");
    symbols.find(curl.easy_getinfo, "curl_easy_getinfo");
    symbols.find(curl.easy_strerror, "curl_easy_strerror");
    symbols.find(curl.multi_init, "curl_multi_init");
    symbols.find(curl.multi_cleanup, "curl_multi_cleanup");
    symbols.find(curl.multi_add_handle, "curl_multi_add_handle");
    symbols.find(curl.multi_remove_handle, "curl_multi_remove_handle");
    symbols.find(curl.multi_perform, "curl_multi_perform");
    symbols.find(curl.multi_poll, "curl_multi_poll");
    symbols.find(curl.multi_info_read, "curl_multi_info_read");
    symbols.find(curl.multi_strerror, "curl_multi_strerror");
    symbols.find(curl.slist_append, "curl_slist_append");
    symbols.find(curl.slist_free_all, "curl_slist_free_all");
    symbols.find(curl.url, "curl_url");
    symbols.find(curl.url_cleanup, "curl_url_cleanup");
    symbols.find(curl.url_set, "curl_url_set");
    symbols.find(curl.url_get, "curl_url_get");
    symbols.find(curl.free, "curl_free");
    if (symbols.missing() != nullptr) {
        return base::fail(
            base::ErrorKind::failed,
            fmt::format("{} is too old: it has no {}", library_name, symbols.missing()), k_hint);
    }
    return curl;
}

base::Result<CurlLibrary> load_and_initialise() {
    // The second is what Debian has for programs that want GnuTLS; its interface is the same.
    constexpr std::array<const char*, 2> k_names = {"libcurl.so.4", "libcurl-gnutls.so.4"};
    GENEVACTL_TRY(auto curl, load_curl(k_names));
    if (const auto code = curl.global_init(CURL_GLOBAL_DEFAULT); code != CURLE_OK) {
        return base::fail(
            base::ErrorKind::failed,
            fmt::format("libcurl could not be initialised: {}", curl.easy_strerror(code)));
    }
    return curl;
}

}  // namespace

base::Result<CurlLibrary> load_curl(std::span<const char* const> names) {
    std::string reason;
    for (const char* name : names) {
        void* library = ::dlopen(name, RTLD_NOW | RTLD_LOCAL);
        if (library != nullptr) {
            return find_all(library, name);
        }
        if (reason.empty()) {
            reason = ::dlerror();  // NOLINT(concurrency-mt-unsafe): the GNU one has a text a thread
        }
    }
    return base::fail(base::ErrorKind::failed,
                      fmt::format("libcurl, which speaks HTTP, could not be loaded: {}", reason),
                      k_hint);
}

base::Result<const CurlLibrary*> curl_library() {
    static const auto k_loaded = load_and_initialise();
    if (!k_loaded) {
        return base::fail(k_loaded.error());
    }
    return &*k_loaded;
}

}  // namespace genevactl::transport
