# snowfield_library(NAME SOURCES a.cc b.cc DEPENDS x y)  -> target NAME; includes are rooted at the repository.
# snowfield_test(NAME LABEL nodb SOURCES a_test.cc DEPENDS x TIMEOUT 120)  -> one executable, one ctest entry.
# snowfield_bench(NAME SOURCES a_bench.cc DEPENDS x)  -> Google Benchmark executable; runs tiny under ctest.

# A library whose headers are compiled once and shared by the targets that REUSE_FROM it (they need the same flags).
function(snowfield_precompiled name)
  cmake_parse_arguments(arg "" "" "HEADERS;DEPENDS" ${ARGN})
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/precompiled.cc CONTENT "")
  add_library(${name} STATIC ${PROJECT_BINARY_DIR}/precompiled.cc)
  target_link_libraries(${name} PUBLIC ${arg_DEPENDS} snowfield_warnings)
  target_precompile_headers(${name} PRIVATE ${arg_HEADERS})
endfunction()

set(often <absl/status/statusor.h> <absl/strings/str_cat.h> <absl/time/time.h> <algorithm> <cmath> <functional> <map>
    <memory> <optional> <string> <string_view> <utility> <vector>)
snowfield_precompiled(snowfield_often HEADERS ${often} DEPENDS absl::statusor absl::strings absl::time)
snowfield_precompiled(snowfield_test_often HEADERS ${often} <gmock/gmock.h> <gtest/gtest.h>
                      DEPENDS absl::statusor absl::strings absl::time GTest::gmock GTest::gtest)
set(test_often snowfield_test_often)  # a folder of tests may set another

function(snowfield_library name)
  cmake_parse_arguments(arg "OWN_HEADERS" "" "SOURCES;DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  if(NOT arg_SOURCES)
    message(FATAL_ERROR "${name} has no sources")
  endif()
  add_library(${name} STATIC ${arg_SOURCES})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${arg_DEPENDS} PRIVATE ${arg_PRIVATE_DEPENDS} snowfield_warnings)
  if(NOT arg_OWN_HEADERS)
    target_precompile_headers(${name} REUSE_FROM snowfield_often)
  endif()
endfunction()

function(snowfield_test name)
  cmake_parse_arguments(arg "" "LABEL;TIMEOUT" "SOURCES;DEPENDS" ${ARGN})
  # Objects first: an executable's own sources are compiled with other flags than the precompiled headers.
  add_library(${name}_objects OBJECT ${arg_SOURCES})
  target_include_directories(${name}_objects PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name}_objects PUBLIC ${arg_DEPENDS} GTest::gmock GTest::gtest PRIVATE snowfield_warnings)
  target_compile_definitions(${name}_objects PRIVATE SNOWFIELD_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_precompile_headers(${name}_objects REUSE_FROM ${test_often})
  add_executable(${name})
  target_link_libraries(${name} PRIVATE ${name}_objects GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${name})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  set_tests_properties(${name} PROPERTIES LABELS "${arg_LABEL}" TIMEOUT ${arg_TIMEOUT})
endfunction()

function(snowfield_bench name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;TINY_ARGS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${arg_DEPENDS} snowfield_warnings benchmark::benchmark)
  add_test(NAME ${name}_tiny COMMAND ${name} ${arg_TINY_ARGS})
  set_tests_properties(${name}_tiny PROPERTIES LABELS "nodb" TIMEOUT 300)
endfunction()
