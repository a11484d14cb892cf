# SPDX-License-Identifier: Apache-2.0
# What nearly every source includes, compiled once where precompiled headers are on: with no
# definition but those that all rooms have.
set(genevactl_common_headers <algorithm> <chrono> <filesystem> <fstream> <functional> <map> <memory>
    <optional> <ranges> <set> <sstream> <string> <string_view> <variant> <vector> <fmt/format.h>
    <nlohmann/json.hpp> <tl/expected.hpp>)
# genevactl_precompile(NAME LIBS LIBRARY... HEADERS HEADER...): a target whose precompiled header
# others reuse.
function(genevactl_precompile name)
    cmake_parse_arguments(precompile "" "" "LIBS;HEADERS" ${ARGN})
    file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/${name}.cpp" CONTENT "")
    add_library(${name} OBJECT "${CMAKE_BINARY_DIR}/${name}.cpp")
    target_link_libraries(${name} PRIVATE genevactl_options genevactl_fmt
        nlohmann_json::nlohmann_json ${precompile_LIBS})
    target_precompile_headers(${name} PRIVATE ${genevactl_common_headers} ${precompile_HEADERS})
endfunction()
if(GENEVACTL_PRECOMPILE)
    genevactl_precompile(common_headers)
endif()

# genevactl_room(NAME USES ROOM... LIBS LIBRARY...): one room of docs/architecture.md as an object
# library of src/NAME/*.cpp. USES are the rooms that it may include; LIBS the
# third-party libraries that no other room sees.
function(genevactl_room name)
    cmake_parse_arguments(room "" "" "USES;LIBS" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/src/${name}/*.cpp")
    list(SORT sources)
    add_library(room_${name} OBJECT ${sources})
    target_include_directories(room_${name} PUBLIC "${CMAKE_SOURCE_DIR}/include"
        PRIVATE "${CMAKE_SOURCE_DIR}/src/${name}")
    target_link_libraries(room_${name} PRIVATE genevactl_options
        PUBLIC nlohmann_json::nlohmann_json genevactl_fmt ${room_LIBS})
    if(GENEVACTL_PRECOMPILE)
        target_precompile_headers(room_${name} REUSE_FROM common_headers)
    endif()
    set(closure ${name})
    foreach(used IN LISTS room_USES)
        get_property(theirs GLOBAL PROPERTY genevactl_closure_${used})
        list(APPEND closure ${theirs})
    endforeach()
    list(REMOVE_DUPLICATES closure)
    set_property(GLOBAL PROPERTY genevactl_closure_${name} "${closure}")
    set_property(GLOBAL APPEND PROPERTY genevactl_rooms ${name})
endfunction()

# genevactl_link_rooms(TARGET ROOM...): links the rooms and everything that they may use.
function(genevactl_link_rooms target)
    set(all)
    foreach(room IN LISTS ARGN)
        get_property(closure GLOBAL PROPERTY genevactl_closure_${room})
        list(APPEND all ${closure})
    endforeach()
    list(REMOVE_DUPLICATES all)
    foreach(room IN LISTS all)
        target_link_libraries(${target} PRIVATE room_${room} genevactl_options)
    endforeach()
endfunction()
