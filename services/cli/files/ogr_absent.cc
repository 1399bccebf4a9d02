// In the place of ogr_table.cc where the build is without GDAL (SNOWFIELD_OGR=OFF), as in the server's image: it brings
// 100 MB of libraries that a server has no use for.
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "services/cli/files/ogr_table.h"

namespace snowfield::cli {

absl::StatusOr<std::unique_ptr<TableReader>> OpenOgr(const std::string& path, const OgrOptions&) {
  return base::InvalidField(
      "file", "FORMAT_NOT_BUILT_IN",
      absl::StrCat("this build has no reader for GeoJSON, shapefiles and GeoPackages, so ", path,
                   " can't be read: import from a machine with a whole build (script/run makes one)"));
}

}  // namespace snowfield::cli
