# Every tests/**/tst_NAME.cpp is one Qt Test executable under CTest; its folder mirrors the tree.
# Drop a file in and it is a test.
find_package(Qt6 6.4 REQUIRED COMPONENTS Test)
get_property(modules GLOBAL PROPERTY FLEETGLASS_MODULES)
set(core_modules ${modules})
list(FILTER core_modules INCLUDE REGEX "^fleetglass_core_")
set(ui_modules ${modules})
list(FILTER ui_modules INCLUDE REGEX "^fleetglass_ui_")

file(GLOB support_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/tests/support/*.cpp")
if(support_sources)
    add_library(fleetglass_tests_support STATIC ${support_sources})
    target_link_libraries(fleetglass_tests_support PUBLIC fleetglass_options ${core_modules})
else()
    add_library(fleetglass_tests_support INTERFACE)
    target_link_libraries(fleetglass_tests_support INTERFACE fleetglass_options ${core_modules})
endif()

file(GLOB_RECURSE test_sources CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}/tests"
     "${PROJECT_SOURCE_DIR}/tests/*tst_*.cpp")
set(test_environment
    "QT_QPA_PLATFORM=offscreen"
    "LC_ALL=C.UTF-8"
    "FLEETGLASS_SOURCE_DIR=${PROJECT_SOURCE_DIR}"
    "FLEETGLASS_BINARY_DIR=${CMAKE_BINARY_DIR}"
    "ASAN_OPTIONS=detect_leaks=1:abort_on_error=0:detect_stack_use_after_return=0"
    "LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/lsan.supp:print_suppressions=0"
    "UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1"
    "TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/tsan.supp:halt_on_error=1")
foreach(source IN LISTS test_sources)
    if(FLEETGLASS_CORE_ONLY AND NOT source MATCHES "^core/")
        continue()
    endif()
    string(REGEX REPLACE "tst_([a-z0-9_]+)\\.cpp$" "\\1" name "${source}")
    string(REPLACE "/" "_" target "tst_${name}")
    add_executable(${target} "${PROJECT_SOURCE_DIR}/tests/${source}")
    set_target_properties(${target} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY
                                               "${CMAKE_BINARY_DIR}/tests")
    target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}")
    target_link_libraries(${target} PRIVATE fleetglass_tests_support Qt6::Test fleetglass_qt_options)
    if(source MATCHES "^(ui|app)/")
        target_link_libraries(${target} PRIVATE ${ui_modules} Qt6::Widgets)
    endif()
    add_test(NAME ${name} COMMAND ${target})
    set_tests_properties(${name} PROPERTIES ENVIRONMENT "${test_environment}" TIMEOUT 300)
endforeach()

foreach(tool conformance bench)
    file(GLOB tool_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/tests/${tool}/*.cpp")
    list(FILTER tool_sources EXCLUDE REGEX "/tst_")
    if(tool_sources)
        add_executable(fleetglass-${tool} ${tool_sources})
        target_link_libraries(fleetglass-${tool} PRIVATE fleetglass_tests_support)
    endif()
endforeach()
