# Compiler cache, linker, warnings and sanitizers for every target.

find_program(SNOWFIELD_CCACHE ccache)
if(SNOWFIELD_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${SNOWFIELD_CCACHE})
endif()

find_program(SNOWFIELD_MOLD mold)
if(SNOWFIELD_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_library(snowfield_warnings INTERFACE)
target_compile_options(snowfield_warnings INTERFACE -Wall -Wextra -Wpedantic -Werror)

set(SNOWFIELD_SANITIZE "" CACHE STRING "Sanitizers, as in -fsanitize= (address,undefined or thread)")
if(SNOWFIELD_SANITIZE)
  add_compile_options(-fsanitize=${SNOWFIELD_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SNOWFIELD_SANITIZE})
  # Instrumented, GCC 12 warns of what is not there, in std::regex and std::string (GCC bug 105562): the release build
  # is the one that is held to its warnings.
  target_compile_options(snowfield_warnings INTERFACE -w)
endif()

option(SNOWFIELD_FUZZ "Build the fuzz targets (clang with libFuzzer)" OFF)
if(SNOWFIELD_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "SNOWFIELD_FUZZ needs clang: cmake --preset fuzz")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
