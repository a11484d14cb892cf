# SPDX-License-Identifier: Apache-2.0
# Every third-party library by the name that a room asks for it.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(CURL REQUIRED)
find_package(tl-expected QUIET)
pkg_check_modules(tomlplusplus REQUIRED IMPORTED_TARGET tomlplusplus)

# fmt and spdlog are used from their headers: nothing of them is loaded when the program starts.
add_library(genevactl_fmt INTERFACE)
target_link_libraries(genevactl_fmt INTERFACE fmt::fmt-header-only)
target_compile_definitions(genevactl_fmt INTERFACE FMT_HEADER_ONLY=1)
target_include_directories(genevactl_fmt SYSTEM INTERFACE /usr/include)
get_target_property(GENEVACTL_SPDLOG_INCLUDE spdlog::spdlog_header_only
    INTERFACE_INCLUDE_DIRECTORIES)
add_library(genevactl_spdlog INTERFACE)
target_include_directories(genevactl_spdlog SYSTEM INTERFACE ${GENEVACTL_SPDLOG_INCLUDE})
target_compile_definitions(genevactl_spdlog INTERFACE SPDLOG_FMT_EXTERNAL)
target_link_libraries(genevactl_spdlog INTERFACE genevactl_fmt)

# OpenSSL's libcrypto from Debian's archive: hashing must not cost the start-up a shared library.
set(OPENSSL_USE_STATIC_LIBS ON)
find_library(GENEVACTL_CRYPTO_ARCHIVE libcrypto.a)
add_library(genevactl_crypto INTERFACE)
if(GENEVACTL_CRYPTO_ARCHIVE)
    target_link_libraries(genevactl_crypto INTERFACE ${GENEVACTL_CRYPTO_ARCHIVE} Threads::Threads
        ${CMAKE_DL_LIBS})
else()
    target_link_libraries(genevactl_crypto INTERFACE OpenSSL::Crypto)
endif()

# toml++ is used header-only in the one file that reads TOML.
add_library(genevactl_toml INTERFACE)
target_include_directories(genevactl_toml SYSTEM INTERFACE ${tomlplusplus_INCLUDE_DIRS})
target_compile_definitions(genevactl_toml INTERFACE TOML_HEADER_ONLY=1)

# yaml-cpp from its archive, in the one file that reads YAML: commands load nothing of it.
find_library(GENEVACTL_YAML_ARCHIVE libyaml-cpp.a)
find_path(GENEVACTL_YAML_INCLUDE yaml-cpp/parser.h)
add_library(genevactl_yaml INTERFACE)
if(GENEVACTL_YAML_ARCHIVE AND GENEVACTL_YAML_INCLUDE)
    target_link_libraries(genevactl_yaml INTERFACE ${GENEVACTL_YAML_ARCHIVE})
    target_include_directories(genevactl_yaml SYSTEM INTERFACE ${GENEVACTL_YAML_INCLUDE})
else()
    find_package(yaml-cpp REQUIRED)
    target_link_libraries(genevactl_yaml INTERFACE yaml-cpp)
endif()

# libcurl's headers only: the library itself is loaded by the transport when a command first needs
# the network, because its own dependencies cost every other command several milliseconds.
add_library(genevactl_curl INTERFACE)
target_include_directories(genevactl_curl SYSTEM INTERFACE ${CURL_INCLUDE_DIRS})
target_link_libraries(genevactl_curl INTERFACE ${CMAKE_DL_LIBS})

# Capture compresses with zlib from Debian's archive. Of ISA-L only the headers are needed here, its
# library is opened by the first capture.
find_library(GENEVACTL_ZLIB_ARCHIVE NAMES libz.a z REQUIRED)
find_path(GENEVACTL_ISAL_INCLUDE isa-l/igzip_lib.h REQUIRED)
add_library(genevactl_zip INTERFACE)
target_include_directories(genevactl_zip SYSTEM INTERFACE ${GENEVACTL_ISAL_INCLUDE})
target_link_libraries(genevactl_zip INTERFACE ${GENEVACTL_ZLIB_ARCHIVE}
    ${CMAKE_DL_LIBS} Threads::Threads)

# Archives are read back with libarchive: its headers here, its library opened by the first
# `capture verify --deep`.
find_path(GENEVACTL_ARCHIVE_INCLUDE archive.h REQUIRED)
target_include_directories(genevactl_zip SYSTEM INTERFACE ${GENEVACTL_ARCHIVE_INCLUDE})

# Object stores answer XML: pugixml from Debian's archive.
find_library(GENEVACTL_PUGIXML_ARCHIVE NAMES libpugixml.a pugixml REQUIRED)
find_path(GENEVACTL_PUGIXML_INCLUDE pugixml.hpp REQUIRED)
add_library(genevactl_xml INTERFACE)
target_include_directories(genevactl_xml SYSTEM INTERFACE ${GENEVACTL_PUGIXML_INCLUDE})
target_link_libraries(genevactl_xml INTERFACE ${GENEVACTL_PUGIXML_ARCHIVE})

find_package(nanoarrow QUIET)
if(TARGET nanoarrow::nanoarrow_ipc)
    add_library(genevactl_nanoarrow ALIAS nanoarrow::nanoarrow_ipc)
elseif(EXISTS "${GENEVACTL_NANOARROW_SOURCE}/PKG-INFO")
    include(cmake/nanoarrow.cmake)
else()
    message(FATAL_ERROR "nanoarrow not found: run scripts/setup, which unpacks it into "
        "${GENEVACTL_NANOARROW_SOURCE}, or install it where find_package(nanoarrow) finds it")
endif()
