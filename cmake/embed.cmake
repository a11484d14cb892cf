# SPDX-License-Identifier: Apache-2.0
# genevactl_embed(TARGET SYMBOL DIRECTORY): compiles every *.py and *.css below DIRECTORY into
# TARGET as
#   extern const std::vector<base::EmbeddedFile> SYMBOL  in namespace genevactl::embedded.
function(genevactl_embed target symbol directory)
    file(GLOB_RECURSE files CONFIGURE_DEPENDS "${directory}/*.py" "${directory}/*.css")
    list(SORT files)
    set(output "${CMAKE_CURRENT_BINARY_DIR}/embedded_${symbol}.cpp")
    string(REPLACE ";" "\n" listing "${files}")
    set(listing_file "${CMAKE_CURRENT_BINARY_DIR}/embedded_${symbol}.list")
    file(CONFIGURE OUTPUT "${listing_file}" CONTENT "@listing@\n" @ONLY)
    add_custom_command(
        OUTPUT "${output}"
        COMMAND ${CMAKE_COMMAND} -D "LISTING=${listing_file}" -D "ROOT=${directory}"
            -D "SYMBOL=${symbol}" -D "OUTPUT=${output}"
            -P "${CMAKE_SOURCE_DIR}/cmake/embed_files.cmake"
        DEPENDS ${files} "${listing_file}" "${CMAKE_SOURCE_DIR}/cmake/embed_files.cmake"
        COMMENT "Embedding ${symbol}" VERBATIM)
    target_sources(${target} PRIVATE "${output}")
endfunction()
