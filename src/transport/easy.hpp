// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <string>

#include "curl_library.hpp"
#include "genevactl/base/error.hpp"

namespace genevactl::transport {

/// A list of header lines.
class HeaderList {
public:
    explicit HeaderList(const CurlLibrary& curl) : m_curl(curl) {}
    HeaderList(const HeaderList&) = delete;
    HeaderList& operator=(const HeaderList&) = delete;
    ~HeaderList() { m_curl.slist_free_all(m_list); }

    base::Status append(const std::string& line);
    curl_slist* get() const { return m_list; }

private:
    const CurlLibrary& m_curl;
    curl_slist* m_list = nullptr;
};

/// A handle of one transfer. The options are typed (curl_easy_setopt takes anything and silently
/// ignores what has the wrong size), and the first one that is refused is kept for check().
class Easy {
public:
    explicit Easy(const CurlLibrary& curl) : m_curl(curl), m_handle(curl.easy_init()) {
        m_code = m_handle == nullptr ? CURLE_FAILED_INIT : CURLE_OK;
        set_pointer<CURLOPT_ERRORBUFFER>(m_text.data());
    }
    Easy(const Easy&) = delete;
    Easy& operator=(const Easy&) = delete;
    ~Easy() { m_curl.easy_cleanup(m_handle); }

    CURL* get() const { return m_handle; }

    template <CURLoption Option>
    void set_long(long value) {
        static_assert(Option < CURLOPTTYPE_OBJECTPOINT);
        pass(Option, value);
    }
    template <CURLoption Option>
    void set_text(const char* value) {
        static_assert(Option > CURLOPTTYPE_OBJECTPOINT && Option < CURLOPTTYPE_FUNCTIONPOINT);
        pass(Option, value);
    }
    template <CURLoption Option>
    void set_pointer(void* value) {
        static_assert(Option > CURLOPTTYPE_OBJECTPOINT && Option < CURLOPTTYPE_FUNCTIONPOINT);
        pass(Option, value);
    }
    template <CURLoption Option>
    void set_size(curl_off_t value) {
        static_assert(Option > CURLOPTTYPE_OFF_T && Option < CURLOPTTYPE_BLOB);
        pass(Option, value);
    }
    template <CURLoption Option>
    void set_callback(std::size_t (*function)(char*, std::size_t, std::size_t, void*)) {
        static_assert(Option > CURLOPTTYPE_FUNCTIONPOINT && Option < CURLOPTTYPE_OFF_T);
        pass(Option, function);
    }
    void set_seek(int (*function)(void*, curl_off_t, int)) { pass(CURLOPT_SEEKFUNCTION, function); }
    /// An option that an older libcurl may not know, and that is only a nicety.
    template <CURLoption Option>
    void try_long(long value) {
        static_assert(Option < CURLOPTTYPE_OBJECTPOINT);
        m_curl.easy_setopt(m_handle, Option, value);
    }

    long info_long(CURLINFO what) const {
        long value = 0;
        return m_curl.easy_getinfo(m_handle, what, &value) == CURLE_OK ? value : 0;
    }
    curl_off_t info_size(CURLINFO what) const {
        curl_off_t value = 0;
        return m_curl.easy_getinfo(m_handle, what, &value) == CURLE_OK ? value : 0;
    }

    /// What libcurl says of the failure, or of its code.
    std::string explain(CURLcode code) const {
        return m_text.front() != '\0' ? m_text.data() : m_curl.easy_strerror(code);
    }
    /// The first option that was refused; an error of kind internal.
    base::Status check() const;

private:
    template <typename Value>
    void pass(CURLoption option, Value value) {
        if (m_code == CURLE_OK) {
            m_code = m_curl.easy_setopt(m_handle, option, value);
            m_option = option;
        }
    }

    const CurlLibrary& m_curl;
    CURL* m_handle;
    CURLcode m_code = CURLE_OK;
    CURLoption m_option = CURLOPT_LASTENTRY;
    std::array<char, CURL_ERROR_SIZE> m_text{};
};

/// Keeps the connections that transfers leave open.
class Multi {
public:
    explicit Multi(const CurlLibrary& curl) : m_curl(curl), m_handle(curl.multi_init()) {}
    Multi(const Multi&) = delete;
    Multi& operator=(const Multi&) = delete;
    ~Multi() { m_curl.multi_cleanup(m_handle); }
    CURLM* get() const { return m_handle; }

private:
    const CurlLibrary& m_curl;
    CURLM* m_handle;
};

}  // namespace genevactl::transport
