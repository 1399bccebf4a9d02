# snowfield_library(NAME SOURCES a.cc b.cc DEPENDS x y)  -> target NAME; includes are rooted at the repository.
# snowfield_test(NAME LABEL nodb SOURCES a_test.cc DEPENDS x TIMEOUT 120)  -> one executable, one ctest entry.
# snowfield_bench(NAME SOURCES a_bench.cc DEPENDS x)  -> Google Benchmark executable; runs tiny under ctest.

function(snowfield_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${arg_DEPENDS} PRIVATE ${arg_PRIVATE_DEPENDS} snowfield_warnings)
endfunction()

function(snowfield_test name)
  cmake_parse_arguments(arg "" "LABEL;TIMEOUT" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${arg_DEPENDS} snowfield_warnings GTest::gmock GTest::gtest GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE SNOWFIELD_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
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
