# Every package of Debian 12 that the project links, found in one place.
# Names used by the rest of the build: absl::*, snowfield_geos, snowfield_metis, ...

find_package(Threads REQUIRED)
find_package(absl REQUIRED)
find_package(GTest REQUIRED)
find_package(benchmark REQUIRED)
find_package(PkgConfig REQUIRED)

pkg_check_modules(GEOS REQUIRED IMPORTED_TARGET geos)
pkg_check_modules(GEOGRAPHICLIB REQUIRED IMPORTED_TARGET geographiclib)
add_library(snowfield_metis INTERFACE)
find_library(METIS_LIBRARY metis REQUIRED)
target_link_libraries(snowfield_metis INTERFACE ${METIS_LIBRARY})

if(NOT SNOWFIELD_NODB_ONLY)
  pkg_check_modules(LIBPQ REQUIRED IMPORTED_TARGET libpq)
  pkg_check_modules(PROTOBUF REQUIRED IMPORTED_TARGET protobuf)
  pkg_check_modules(GRPCPP REQUIRED IMPORTED_TARGET grpc++)
  pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
  pkg_check_modules(CRYPTO REQUIRED IMPORTED_TARGET libcrypto)
  pkg_check_modules(SSL REQUIRED IMPORTED_TARGET libssl)
  pkg_check_modules(CJOSE REQUIRED IMPORTED_TARGET cjose jansson)
  pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl)
  # Off in the server's image: no reader of GeoJSON, shapefiles and GeoPackages, and none of the libraries that come with GDAL.
  option(SNOWFIELD_OGR "Read the formats of GDAL/OGR" ON)
  if(SNOWFIELD_OGR)
    pkg_check_modules(GDAL REQUIRED IMPORTED_TARGET gdal)
  endif()
  pkg_check_modules(PANGOCAIRO REQUIRED IMPORTED_TARGET pangocairo)  # paper
  # Its -pthread defines a macro that the precompiled headers are made without.
  set_property(TARGET PkgConfig::PANGOCAIRO PROPERTY INTERFACE_COMPILE_OPTIONS "")
  pkg_check_modules(QRENCODE REQUIRED IMPORTED_TARGET libqrencode)
  pkg_check_modules(PNG REQUIRED IMPORTED_TARGET libpng)  # scans
  pkg_check_modules(LEPTONICA REQUIRED IMPORTED_TARGET lept)
  pkg_check_modules(ZBAR REQUIRED IMPORTED_TARGET zbar)
  pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)
  pkg_check_modules(EXPAT REQUIRED IMPORTED_TARGET expat)
  find_library(GRPCPP_REFLECTION_LIBRARY grpc++_reflection REQUIRED)
  find_library(GRPCPP_CHANNELZ_LIBRARY grpcpp_channelz REQUIRED)
  pkg_check_modules(PROMETHEUS REQUIRED IMPORTED_TARGET prometheus-cpp-pull)
  find_library(BZIP2_LIBRARY bz2 REQUIRED)
  find_library(CSV_LIBRARY csv REQUIRED)
  find_program(PROTOC protoc REQUIRED)
  find_program(GRPC_CPP_PLUGIN grpc_cpp_plugin REQUIRED)
endif()
