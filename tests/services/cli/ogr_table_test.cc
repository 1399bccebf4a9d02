#include "services/cli/files/ogr_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <ogr_spatialref.h>
#include <ogrsf_frmts.h>
#include <zlib.h>

#include "base/status.h"
#include "tests/services/cli/collect_rows.h"

namespace snowfield::cli {
namespace {

namespace pb = snowfield::territory::v1;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const ReadPlan kStreets{pb::IMPORT_KIND_STREETS, ""};

std::string Feature(const std::string& properties, const std::string& geometry) {
  return "{\"type\":\"Feature\",\"properties\":{" + properties + "},\"geometry\":" + geometry + "}";
}
std::string Collection(const std::string& features) {
  return "{\"type\":\"FeatureCollection\",\"features\":[" + features + "]}";
}

std::string ReasonOf(const absl::Status& status) { return base::DetailOf(status).reason; }

// One residential street in UTM 15N, written by GDAL itself.
void WriteProjected(const std::string& path, const char* driver) {
  RegisterOGRShape();
  RegisterOGRGeoPackage();
  GDALDataset* dataset =
      GetGDALDriverManager()->GetDriverByName(driver)->Create(path.c_str(), 0, 0, 0, GDT_Unknown, nullptr);
  OGRSpatialReference utm;
  utm.importFromEPSG(32615);
  OGRLayer* layer = dataset->CreateLayer("streets", &utm, wkbLineString25D, nullptr);
  OGRFieldDefn name("name", OFTString);
  OGRFieldDefn highway("highway", OFTString);
  layer->CreateField(&name);
  layer->CreateField(&highway);
  OGRFeature feature(layer->GetLayerDefn());
  feature.SetField("name",
                   "Stra\xC3\x9F"
                   "e");
  feature.SetField("highway", "residential");
  OGRLineString line;
  line.addPoint(500000, 4500000, 12);
  line.addPoint(500100, 4500000, 13);
  feature.SetGeometry(&line);
  ASSERT_EQ(layer->CreateFeature(&feature), OGRERR_NONE);
  GDALClose(dataset);
}

TEST(OgrTable, TransformsToLongitudeAndLatitude) {
  TestFolder folder;
  for (const auto& [file, driver] : {std::pair{"a.shp", "ESRI Shapefile"}, std::pair{"a.gpkg", "GPKG"}}) {
    WriteProjected(folder.Path(file), driver);
    CollectRows rows;
    const absl::Status status = ReadInto(rows, folder.Path(file), kStreets);
    ASSERT_TRUE(status.ok()) << base::MessageOf(status);
    ASSERT_EQ(rows.rows.size(), 1u) << file;
    const StreetRow row = rows.All<StreetRow>()[0];
    EXPECT_EQ(row.name(), "Straße");
    ASSERT_EQ(row.line_string().coordinates_size(), 4) << "height is dropped";
    EXPECT_NEAR(row.line_string().coordinates(0), -93.0, 1e-9);
    EXPECT_NEAR(row.line_string().coordinates(1), 40.6508565, 1e-6);
  }
}

TEST(OgrTable, SplitsLinesOfSeveralPartsAndReportsNullGeometry) {
  TestFolder folder;
  const std::string path = folder.Write(
      "a.geojson",
      Collection(
          Feature("\"id\":\"7\",\"highway\":\"service\"",
                  "{\"type\":\"MultiLineString\",\"coordinates\":[[[1,2],[1,3]],[[2,2],[2,3]]]}") +
          "," + Feature("\"id\":\"8\",\"highway\":\"service\"", "null") + "," +
          Feature("\"id\":\"9\",\"highway\":\"service\"", "{\"type\":\"Point\",\"coordinates\":[1,2]}") + "," +
          Feature("\"id\":\"10\",\"highway\":\"service\"", "{\"type\":\"LineString\",\"coordinates\":[[1,2],[1,95]]}") +
          "," + Feature("\"id\":\"11\",\"highway\":null", "{\"type\":\"LineString\",\"coordinates\":[[1,2],[1,3]]}")));
  CollectRows rows;
  const absl::Status status = ReadInto(rows, path, kStreets);
  ASSERT_TRUE(status.ok()) << base::MessageOf(status);
  std::vector<std::string> ids;
  for (const StreetRow& row : rows.All<StreetRow>()) ids.push_back(row.external_id());
  EXPECT_THAT(ids, ElementsAre("7", "7/2"));
  EXPECT_THAT(rows.IssueLines(), ElementsAre("2 GEOMETRY_EMPTY geometry", "3 GEOMETRY_KIND geometry",
                                             "4 COORDINATE_OUT_OF_RANGE latitude", "5 CLASS_MISSING source_class"));
}

TEST(OgrTable, RefusesDamagedFiles) {
  TestFolder folder;
  CollectRows rows;
  EXPECT_EQ(ReasonOf(ReadInto(rows, folder.Path("none.geojson"), kStreets)), "FILE_NOT_FOUND");
  EXPECT_EQ(ReasonOf(ReadInto(rows, folder.Write("e.geojson", ""), kStreets)), "FILE_EMPTY");
  EXPECT_EQ(ReasonOf(ReadInto(rows, folder.Write("t.geojson", "not json at all"), kStreets)), "FILE_UNREADABLE");
  EXPECT_EQ(ReasonOf(ReadInto(rows, folder.Write("z.zip", "PK not a zip"), kStreets)), "FILE_UNREADABLE");
  WriteProjected(folder.Path("a.shp"), "ESRI Shapefile");
  std::filesystem::remove(folder.Path("a.shx"));
  std::filesystem::remove(folder.Path("a.dbf"));
  folder.Write("a.shp", ReadText(folder.Path("a.shp")).substr(0, 90));
  EXPECT_EQ(ReasonOf(ReadInto(rows, folder.Path("a.shp"), kStreets)), "FILE_UNREADABLE");
  EXPECT_TRUE(rows.rows.empty());
}

TEST(OgrTable, RefusesGeoJsonThatIsCut) {
  TestFolder folder;
  std::string features;
  for (int i = 0; i < 300; ++i) {
    features += (i > 0 ? "," : "") +
                Feature("\"highway\":\"service\"", "{\"type\":\"LineString\",\"coordinates\":[[1,2],[1,3]]}");
  }
  const std::string whole = Collection(features);
  CollectRows rows;
  const absl::Status status = ReadInto(rows, folder.Write("a.geojson", whole.substr(0, whole.size() / 2)), kStreets);
  EXPECT_EQ(ReasonOf(status), "FILE_UNREADABLE") << base::MessageOf(status);
  EXPECT_THAT(base::MessageOf(status), HasSubstr("fetch it again"));
}

TEST(OgrTable, RefusesAGzipThatIsCut) {
  TestFolder folder;
  gzFile file = gzopen(folder.Path("a.geojson.gz").c_str(), "wb");
  const std::string text =
      Collection(Feature("\"highway\":\"service\"", "{\"type\":\"LineString\",\"coordinates\":[[1,2],[1,3]]}"));
  gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
  gzclose(file);
  CollectRows rows;
  ASSERT_TRUE(ReadInto(rows, folder.Path("a.geojson.gz"), kStreets).ok());
  EXPECT_EQ(rows.rows.size(), 1u);
  const std::string whole = ReadText(folder.Path("a.geojson.gz"));
  const std::string cut = folder.Write("b.geojson.gz", whole.substr(0, whole.size() - 12));
  EXPECT_EQ(ReasonOf(ReadInto(rows, cut, kStreets)), "FILE_TRUNCATED");
}

TEST(OgrTable, TakesTheMiddleOfAFootprintAsAddress) {
  TestFolder folder;
  const std::string path = folder.Write(
      "a.geojson",
      Collection(Feature(
          "\"number\":\"12\",\"street\":\"Main\"",
          "{\"type\":\"Polygon\",\"coordinates\":[[[10,20],[10.002,20],[10.002,20.001],[10,20.001],[10,20]]]}")));
  CollectRows rows;
  ASSERT_TRUE(ReadInto(rows, path, {pb::IMPORT_KIND_ADDRESSES, ""}).ok());
  ASSERT_EQ(rows.rows.size(), 1u);
  EXPECT_NEAR(rows.All<AddressRow>()[0].position().longitude(), 10.001, 1e-9);
  EXPECT_NEAR(rows.All<AddressRow>()[0].position().latitude(), 20.0005, 1e-9);
}

TEST(OgrTable, AsksForTheKindOfBarriersAndBoundaries) {
  CollectRows rows;
  const absl::Status status = ReadInto(rows, TestData("rail.geojson"), {pb::IMPORT_KIND_BARRIERS, ""});
  EXPECT_EQ(ReasonOf(status), "KIND_MISSING");
  EXPECT_THAT(base::MessageOf(status), HasSubstr("--kind"));
  EXPECT_EQ(ReasonOf(ReadInto(rows, TestData("rail.geojson"), {pb::IMPORT_KIND_BARRIERS, "", "fence"})),
            "KIND_UNKNOWN");
  EXPECT_TRUE(rows.rows.empty());
}

}  // namespace
}  // namespace snowfield::cli
