// OGR features: the records of a map file, whatever its format, as strings and WKB in degrees. Benchmarks only: a
// server never parses foreign files. Thread safety: not thread safe (GDAL's registration).
#pragma once

#include <ogr_api.h>

#include <functional>
#include <string>

namespace snowfield::bench {

// Calls `visit` for each feature of the file's first layer; geometries come in degrees, longitude first. `path` may be
// one of GDAL's, e.g. "/vsigzip/x.geojson.gz". False where the file cannot be opened.
bool VisitFeatures(const std::string& path, const std::function<void(OGRFeatureH)>& visit);

// Empty where there is no such field.
std::string FieldOf(OGRFeatureH feature, const char* name);

// Plane WKB, made valid where it is an area that is not; empty where the feature has no geometry.
std::string WkbOf(OGRFeatureH feature);

}  // namespace snowfield::bench
