# One folder, one static library, one line per arrow. The arrows are also written to
# module_graph.txt, which tests/architecture compares with the real #include lines.
add_library(fleetglass_options INTERFACE)
target_compile_features(fleetglass_options INTERFACE cxx_std_20)
target_compile_options(fleetglass_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
target_include_directories(fleetglass_options INTERFACE "${PROJECT_SOURCE_DIR}")

add_library(fleetglass_qt_options INTERFACE)
target_compile_definitions(
    fleetglass_qt_options
    INTERFACE QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_CAST_FROM_BYTEARRAY
              QT_STRICT_ITERATORS QT_NO_NARROWING_CONVERSIONS_IN_CONNECT)

set(FLEETGLASS_MODULE_GRAPH "${CMAKE_BINARY_DIR}/module_graph.txt")
file(WRITE "${FLEETGLASS_MODULE_GRAPH}" "")
set_property(GLOBAL PROPERTY FLEETGLASS_MODULES "")

# fleetglass_module(FOLDER [DEPENDS folder...] [LIBRARIES target...])
# Every source in the folder belongs to it. DEPENDS are the folders its #include lines may name;
# LIBRARIES are the foreign libraries only this folder knows.
function(fleetglass_module folder)
    cmake_parse_arguments(arg "" "" "DEPENDS;LIBRARIES" ${ARGN})
    string(REPLACE "/" "_" target "fleetglass_${folder}")
    file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/${folder}/*.cpp"
         "${PROJECT_SOURCE_DIR}/${folder}/*.h")
    set(implementations ${sources})
    list(FILTER implementations INCLUDE REGEX "\\.cpp$")
    list(JOIN arg_DEPENDS " " arrows)
    file(APPEND "${FLEETGLASS_MODULE_GRAPH}" "${folder}: ${arrows}\n")
    if(implementations)
        add_library(${target} STATIC ${sources})
        set(scope PUBLIC)
    else()
        add_library(${target} INTERFACE)
        set(scope INTERFACE)
    endif()
    foreach(dependency IN LISTS arg_DEPENDS)
        string(REPLACE "/" "_" dependency "fleetglass_${dependency}")
        target_link_libraries(${target} ${scope} ${dependency})
    endforeach()
    target_link_libraries(${target} ${scope} fleetglass_options ${arg_LIBRARIES})
    if(folder MATCHES "^ui/" AND implementations)
        set_target_properties(${target} PROPERTIES AUTOMOC ON)
        target_link_libraries(${target} ${scope} fleetglass_qt_options Qt6::Widgets)
        target_precompile_headers(${target} PRIVATE <QtWidgets> <memory> <string> <vector>)
    endif()
    set_property(GLOBAL APPEND PROPERTY FLEETGLASS_MODULES ${target})
endfunction()
