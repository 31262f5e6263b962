# One command for each habit: format, format-check, tidy, bench.
file(GLOB_RECURSE formatted CONFIGURE_DEPENDS
     "${PROJECT_SOURCE_DIR}/app/*.cpp" "${PROJECT_SOURCE_DIR}/app/*.h"
     "${PROJECT_SOURCE_DIR}/core/*.cpp" "${PROJECT_SOURCE_DIR}/core/*.h"
     "${PROJECT_SOURCE_DIR}/ui/*.cpp" "${PROJECT_SOURCE_DIR}/ui/*.h"
     "${PROJECT_SOURCE_DIR}/tests/*.cpp" "${PROJECT_SOURCE_DIR}/tests/*.h")
find_program(CLANG_FORMAT_PROGRAM NAMES clang-format-14 clang-format)
if(CLANG_FORMAT_PROGRAM)
    add_custom_target(format COMMAND "${CLANG_FORMAT_PROGRAM}" -i ${formatted} VERBATIM)
    add_custom_target(format-check COMMAND "${CLANG_FORMAT_PROGRAM}" --dry-run -Werror ${formatted} VERBATIM)
endif()
find_program(RUN_CLANG_TIDY_PROGRAM NAMES run-clang-tidy-14 run-clang-tidy)
if(RUN_CLANG_TIDY_PROGRAM)
    add_custom_target(tidy COMMAND "${RUN_CLANG_TIDY_PROGRAM}" -quiet -p "${CMAKE_BINARY_DIR}"
                      "^${PROJECT_SOURCE_DIR}/(app|core|ui)/" VERBATIM)
endif()
if(TARGET fleetglass-bench)
    add_custom_target(bench COMMAND fleetglass-bench all VERBATIM)
endif()
