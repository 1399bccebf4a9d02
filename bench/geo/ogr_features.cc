#include "bench/geo/ogr_features.h"

#include <ogr_srs_api.h>

namespace snowfield::bench {

bool VisitFeatures(const std::string& path, const std::function<void(OGRFeatureH)>& visit) {
  OGRRegisterAll();
  OGRDataSourceH source = OGROpen(path.c_str(), 0, nullptr);
  if (source == nullptr) return false;
  OGRLayerH layer = OGR_DS_GetLayer(source, 0);
  OGRSpatialReferenceH wgs84 = OSRNewSpatialReference(nullptr);
  OSRImportFromEPSG(wgs84, 4326);
  OSRSetAxisMappingStrategy(wgs84, OAMS_TRADITIONAL_GIS_ORDER);
  OGRSpatialReferenceH own = OGR_L_GetSpatialRef(layer);
  OGRCoordinateTransformationH transformation = own != nullptr ? OCTNewCoordinateTransformation(own, wgs84) : nullptr;
  OGRFeatureH feature = nullptr;
  while ((feature = OGR_L_GetNextFeature(layer)) != nullptr) {
    OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
    if (geometry != nullptr && transformation != nullptr) OGR_G_Transform(geometry, transformation);
    visit(feature);
    OGR_F_Destroy(feature);
  }
  if (transformation != nullptr) OCTDestroyCoordinateTransformation(transformation);
  OSRDestroySpatialReference(wgs84);
  OGR_DS_Destroy(source);
  return true;
}

std::string FieldOf(OGRFeatureH feature, const char* name) {
  const int index = OGR_F_GetFieldIndex(feature, name);
  return index < 0 ? std::string() : OGR_F_GetFieldAsString(feature, index);
}

std::string WkbOf(OGRFeatureH feature) {
  OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
  if (geometry == nullptr) return {};
  OGR_G_FlattenTo2D(geometry);
  const bool is_area = OGR_G_GetDimension(geometry) == 2;
  OGRGeometryH valid = is_area && !OGR_G_IsValid(geometry) ? OGR_G_MakeValid(geometry) : nullptr;
  OGRGeometryH used = valid != nullptr ? valid : geometry;
  std::string bytes(OGR_G_WkbSize(used), '\0');
  OGR_G_ExportToWkb(used, wkbNDR, reinterpret_cast<unsigned char*>(bytes.data()));
  if (valid != nullptr) OGR_G_DestroyGeometry(valid);
  return bytes;
}

}  // namespace snowfield::bench
