# Every tests/**/tst_NAME.cpp is one Qt Test executable under CTest; its folder mirrors the tree.
# Drop a file in and it is a test.
find_package(Qt6 6.4 REQUIRED COMPONENTS Test)
# Qt puts the build's path into each test's command line, which keeps ccache from finding it again.
set_property(TARGET Qt6::Test PROPERTY INTERFACE_COMPILE_DEFINITIONS QT_TESTLIB_LIB)
get_property(modules GLOBAL PROPERTY FLEETGLASS_MODULES)

# The folders and support files that a source's #include lines name become what it links.
function(link_what_is_included target scope source)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${source}")
    set(files "${source}")
    string(REGEX REPLACE "\\.cpp$" ".h" header "${source}")
    if(EXISTS "${header}")
        list(APPEND files "${header}")
    endif()
    foreach(file IN LISTS files)
        file(STRINGS "${file}" lines REGEX "^#include \"(core|ui|tests/support)/")
        foreach(line IN LISTS lines)
            string(REGEX REPLACE "^#include \"([^\"]+)\".*" "\\1" path "${line}")
            get_filename_component(folder "${path}" DIRECTORY)
            get_filename_component(name "${path}" NAME_WE)
            if(folder STREQUAL "tests/support")
                set(library "fleetglass_support_${name}")
            else()
                string(REPLACE "/" "_" library "fleetglass_${folder}")
            endif()
            if(NOT library STREQUAL target)
                target_link_libraries(${target} ${scope} ${library})
            endif()
        endforeach()
    endforeach()
endfunction()

file(GLOB support_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/tests/support/*.cpp"
     "${PROJECT_SOURCE_DIR}/tests/support/*.h")
foreach(source IN LISTS support_sources)
    get_filename_component(name "${source}" NAME_WE)
    set(library "fleetglass_support_${name}")
    if(source MATCHES "\\.cpp$")
        file(STRINGS "${source}" ui_lines REGEX "#include [\"<](ui/|Q)")
        if(ui_lines AND FLEETGLASS_CORE_ONLY)
            continue()
        endif()
        add_library(${library} STATIC "${source}")
        target_link_libraries(${library} PUBLIC fleetglass_options OpenSSL::SSL ZLIB::ZLIB)
        if(ui_lines)
            set_target_properties(${library} PROPERTIES AUTOMOC ON)
            target_link_libraries(${library} PUBLIC fleetglass_qt_options Qt6::Widgets Qt6::Test)
        endif()
        link_what_is_included(${library} PUBLIC "${source}")
    elseif(NOT EXISTS "${PROJECT_SOURCE_DIR}/tests/support/${name}.cpp")
        add_library(${library} INTERFACE)
        link_what_is_included(${library} INTERFACE "${source}")
    endif()
endforeach()

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
    target_link_libraries(${target} PRIVATE fleetglass_options Qt6::Test fleetglass_qt_options)
    link_what_is_included(${target} PRIVATE "${PROJECT_SOURCE_DIR}/tests/${source}")
    if(source MATCHES "^(ui|app|e2e)/")
        target_link_libraries(${target} PRIVATE Qt6::Widgets)
    endif()
    if(source MATCHES "^e2e/")
        add_dependencies(${target} fleetglass)
    endif()
    if(source MATCHES "^conformance/")
        add_dependencies(${target} fleetglass-conformance)
    endif()
    add_test(NAME ${name} COMMAND ${target})
    set_tests_properties(${name} PROPERTIES ENVIRONMENT "${test_environment}" TIMEOUT 300)
endforeach()

foreach(tool conformance bench fuzz)
    file(GLOB tool_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/tests/${tool}/*.cpp")
    list(FILTER tool_sources EXCLUDE REGEX "/tst_")
    if(tool_sources)
        add_executable(fleetglass-${tool} ${tool_sources})
        target_link_libraries(fleetglass-${tool} PRIVATE fleetglass_options)
        foreach(source IN LISTS tool_sources)
            link_what_is_included(fleetglass-${tool} PRIVATE "${source}")
        endforeach()
    endif()
endforeach()

# A bounded look at every reader of outside bytes; the seed is printed.
if(TARGET fleetglass-fuzz)
    add_test(NAME fuzz_smoke COMMAND fleetglass-fuzz --runs 2000)
    set_tests_properties(fuzz_smoke PROPERTIES ENVIRONMENT "${test_environment}" TIMEOUT 300)
endif()
