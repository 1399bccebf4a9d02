// OgrTable: features of GeoJSON, GeoPackage and shapefiles, by GDAL/OGR, in WGS 84 longitude and latitude.
//
// Only those three drivers are registered: GDAL's other hundred formats never see a file. A shapefile or GeoPackage may
// lie inside a .zip, and GeoJSON inside a .gz. Coordinates are transformed from the file's own reference system; a file
// that names none is taken for degrees. Height is dropped. A feature without geometry is an issue.
// Thread safety: one reader, one thread; opening is safe from any thread.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "services/cli/files/table_reader.h"

namespace snowfield::cli {

struct OgrOptions {
  std::string encoding;  // of a shapefile's .dbf, where the .cpg is missing or wrong; empty: as the file says
};

// Errors: no such file, FILE_EMPTY, FILE_UNREADABLE (none of the formats, or damaged; with GDAL's own words),
// LAYERS_MANY (more than one layer with geometry).
absl::StatusOr<std::unique_ptr<TableReader>> OpenOgr(const std::string& path, const OgrOptions& options);

}  // namespace snowfield::cli
