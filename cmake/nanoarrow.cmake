# SPDX-License-Identifier: Apache-2.0
# genevactl_nanoarrow: nanoarrow's C library with its IPC reader and writer, and the flatcc runtime
# that those need, as one static library from the unpacked source distribution. Its own build files
# are not used: they miss a source there. The body codecs (zstd, lz4) are left out.
set(nanoarrow_source "${GENEVACTL_NANOARROW_SOURCE}/subprojects/arrow-nanoarrow/src")
file(GLOB nanoarrow_flatcc "${GENEVACTL_NANOARROW_SOURCE}/subprojects/flatcc-*")
list(LENGTH nanoarrow_flatcc nanoarrow_flatcc_count)
if(NOT nanoarrow_flatcc_count EQUAL 1 OR NOT IS_DIRECTORY "${nanoarrow_source}/nanoarrow/ipc")
    message(FATAL_ERROR "${GENEVACTL_NANOARROW_SOURCE} is not an unpacked nanoarrow source "
        "distribution: run scripts/setup again")
endif()

file(STRINGS "${GENEVACTL_NANOARROW_SOURCE}/PKG-INFO" nanoarrow_version REGEX "^Version: ")
string(REGEX MATCH "([0-9]+)\\.([0-9]+)\\.([0-9]+)" NANOARROW_VERSION "${nanoarrow_version}")
set(NANOARROW_VERSION_MAJOR "${CMAKE_MATCH_1}")
set(NANOARROW_VERSION_MINOR "${CMAKE_MATCH_2}")
set(NANOARROW_VERSION_PATCH "${CMAKE_MATCH_3}")
set(NANOARROW_NAMESPACE_DEFINE "#define NANOARROW_NAMESPACE GenevactlNanoarrow")
set(nanoarrow_generated "${CMAKE_BINARY_DIR}/nanoarrow_config")
configure_file("${nanoarrow_source}/nanoarrow/nanoarrow_config.h.in"
    "${nanoarrow_generated}/nanoarrow/nanoarrow_config.h" @ONLY)

set(nanoarrow_files)
foreach(file IN ITEMS utils schema array array_stream)
    list(APPEND nanoarrow_files "${nanoarrow_source}/nanoarrow/common/${file}.c")
endforeach()
foreach(file IN ITEMS decoder reader codecs encoder writer)
    list(APPEND nanoarrow_files "${nanoarrow_source}/nanoarrow/ipc/${file}.c")
endforeach()
foreach(file IN ITEMS builder emitter verifier refmap)
    list(APPEND nanoarrow_files "${nanoarrow_flatcc}/src/runtime/${file}.c")
endforeach()

add_library(genevactl_nanoarrow STATIC ${nanoarrow_files})
set_target_properties(genevactl_nanoarrow PROPERTIES C_STANDARD 11 C_EXTENSIONS ON
    CXX_CLANG_TIDY "" C_CLANG_TIDY "")
target_include_directories(genevactl_nanoarrow SYSTEM PUBLIC "${nanoarrow_generated}"
    "${nanoarrow_source}" PRIVATE "${nanoarrow_flatcc}/include")
target_compile_options(genevactl_nanoarrow PRIVATE -w)
if(GENEVACTL_SANITIZE)
    # Reads beyond a buffer are to be seen where they happen; UBSan would report the unaligned loads
    # that flatcc makes on purpose.
    target_compile_options(genevactl_nanoarrow PRIVATE -fsanitize=address -fno-omit-frame-pointer)
endif()
