// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>

#include <span>
#include <string>

#include "genevactl/base/error.hpp"

namespace genevactl::transport {

/// The functions of libcurl that are used, found in the library when it is first needed. The
/// program is not linked with it: its dependencies (Kerberos, LDAP, …) would cost every command
/// that needs no network about ten milliseconds at its start.
struct CurlLibrary {
    decltype(&curl_global_init) global_init = nullptr;
    decltype(&curl_easy_init) easy_init = nullptr;
    decltype(&curl_easy_cleanup) easy_cleanup = nullptr;
    decltype(&curl_easy_setopt) easy_setopt = nullptr;
    decltype(&curl_easy_getinfo) easy_getinfo = nullptr;
    decltype(&curl_easy_strerror) easy_strerror = nullptr;
    decltype(&curl_multi_init) multi_init = nullptr;
    decltype(&curl_multi_cleanup) multi_cleanup = nullptr;
    decltype(&curl_multi_add_handle) multi_add_handle = nullptr;
    decltype(&curl_multi_remove_handle) multi_remove_handle = nullptr;
    decltype(&curl_multi_perform) multi_perform = nullptr;
    decltype(&curl_multi_poll) multi_poll = nullptr;
    decltype(&curl_multi_info_read) multi_info_read = nullptr;
    decltype(&curl_multi_strerror) multi_strerror = nullptr;
    decltype(&curl_slist_append) slist_append = nullptr;
    decltype(&curl_slist_free_all) slist_free_all = nullptr;
    decltype(&curl_url) url = nullptr;
    decltype(&curl_url_cleanup) url_cleanup = nullptr;
    decltype(&curl_url_set) url_set = nullptr;
    decltype(&curl_url_get) url_get = nullptr;
    decltype(&curl_free) free = nullptr;
};

/// Loads the first of the libraries that is there; error kind failed, with the package to install.
base::Result<CurlLibrary> load_curl(std::span<const char* const> names);

/// libcurl, loaded and initialised once for the process and never unloaded.
base::Result<const CurlLibrary*> curl_library();

}  // namespace genevactl::transport
