# SPDX-License-Identifier: Apache-2.0
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
