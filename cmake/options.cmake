# SPDX-License-Identifier: Apache-2.0
# Compiler options that every target of ours gets; third-party code gets none of them.
add_library(genevactl_options INTERFACE)
target_compile_options(genevactl_options INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
    -Wnon-virtual-dtor -Woverloaded-virtual -Wnull-dereference -Wformat=2>)
if(GENEVACTL_WARNINGS_AS_ERRORS)
    target_compile_options(genevactl_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Werror>)
    # g++ 12 reports std::string and std::regex internals under optimisation and sanitizers.
    target_compile_options(genevactl_options INTERFACE
        $<$<CXX_COMPILER_ID:GNU>:-Wno-null-dereference -Wno-maybe-uninitialized -Wno-restrict
            -Wno-stringop-overflow -Wno-array-bounds>)
    # clang also means an alias in a function that hides one of the file: g++ tells of the rest.
    target_compile_options(genevactl_options INTERFACE $<$<CXX_COMPILER_ID:Clang>:-Wno-shadow>)
endif()
if(GENEVACTL_SANITIZE)
    # Without the checks of every pointer that is followed: what they find ends in AddressSanitizer,
    # and they make half of the time that the compiler takes.
    target_compile_options(genevactl_options INTERFACE
        -fsanitize=address,undefined -fno-sanitize=null,alignment,object-size,vptr,pointer-overflow
        -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
    target_link_options(genevactl_options INTERFACE -fsanitize=address,undefined)
endif()
if(GENEVACTL_COVERAGE)
    target_compile_options(genevactl_options INTERFACE --coverage)
    target_link_options(genevactl_options INTERFACE --coverage)
endif()
