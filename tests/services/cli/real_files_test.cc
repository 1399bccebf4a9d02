// The real files that the project must be able to read: Washington DC, Lauf, a Vermont county. They are not in the
// repository; where they are absent the test says so and reads the small hand-written files of the same layouts.
#include <gtest/gtest.h>

#include <filesystem>
#include <iostream>
#include <set>

#include "base/status.h"
#include "tests/services/cli/collect_rows.h"

namespace snowfield::cli {
namespace {

namespace pb = snowfield::territory::v1;

struct Expectation {
  const char* real;    // under SNOWFIELD_DATA
  const char* sample;  // under testdata
  ReadPlan plan;
  size_t rows_real;
  size_t rows_sample;
};

// Reads the real file where it is there, always the sample, and compares counts.
CollectRows ReadBoth(const Expectation& expected) {
  CollectRows sample;
  const absl::Status status = ReadInto(sample, TestData(expected.sample), expected.plan);
  EXPECT_TRUE(status.ok()) << base::MessageOf(status);
  EXPECT_EQ(sample.rows.size(), expected.rows_sample) << expected.sample;
  const std::string path = RealData(expected.real);
  if (path.empty()) {
    std::cout << "ran without " << expected.real << " (set SNOWFIELD_DATA to read it too)\n";
    return sample;
  }
  CollectRows real;
  const absl::Status real_status = ReadInto(real, path, expected.plan);
  EXPECT_TRUE(real_status.ok()) << base::MessageOf(real_status);
  EXPECT_EQ(real.rows.size(), expected.rows_real) << expected.real;
  EXPECT_TRUE(real.progress_rises);
  EXPECT_NEAR(real.fraction, 1, 0.01);
  std::cout << expected.real << ": " << real.rows.size() << " rows, " << real.issues.size() << " issues, "
            << real.CountSkipped() << " left out\n";
  std::set<std::string> printed;
  for (const ImportIssue& issue : real.issues) {
    if (printed.insert(issue.reason()).second) {
      std::cout << "  " << issue.reason() << " x " << real.CountIssues(issue.reason()) << ": " << issue.message()
                << "\n";
    }
  }
  return real;
}

TEST(RealFiles, ReadsTheAddressesOfWashington) {
  const CollectRows rows =
      ReadBoth({"dc/Washington.csv.gz", "dc_addresses.csv", {pb::IMPORT_KIND_ADDRESSES, "dc"}, 73092, 5});
  EXPECT_TRUE(rows.issues.empty());
}

TEST(RealFiles, ReadsTheRoadsOfWashington) {
  const CollectRows rows = ReadBoth(
      {"dc/tl_2018_11001_roads.zip", "tiger_roads.geojson", {pb::IMPORT_KIND_STREETS, "tiger-roads"}, 4401, 4});
  for (const StreetRow& row : rows.All<StreetRow>()) {
    ASSERT_EQ(row.class_scheme(), pb::CLASS_SCHEME_MTFCC);
    ASSERT_EQ(row.source_class().substr(0, 1), "S");
    ASSERT_LT(row.line_string().coordinates(0), 0) << "longitude comes first";
  }
}

TEST(RealFiles, ReadsTheMotorwaysOfWashingtonAsBarriers) {
  ReadBoth({"dc/tl_2018_11001_roads.zip", "tiger_roads.geojson", {pb::IMPORT_KIND_BARRIERS, "tiger-motorways"}, 88, 1});
}

TEST(RealFiles, ReadsThePrecinctsOfWashington) {
  const CollectRows rows = ReadBoth({"dc/voting-precinct-2012.geojson.gz",
                                     "dc_precincts.geojson",
                                     {pb::IMPORT_KIND_BOUNDARIES, "dc-precincts"},
                                     143,
                                     2});
  std::set<std::string> codes;
  for (const BoundaryRow& row : rows.All<BoundaryRow>()) {
    codes.insert(row.code());
    ASSERT_EQ(row.kind(), "precinct");
    ASSERT_EQ(row.name(), "Precinct " + row.code());
  }
  EXPECT_TRUE(codes.contains("139"));
  EXPECT_EQ(codes.size(), rows.rows.size());
}

TEST(RealFiles, ReadsTheWardsAndDistrictsOfWashington) {
  ReadBoth({"dc/ward-2012.geojson.gz", "dc_wards.geojson", {pb::IMPORT_KIND_BOUNDARIES, "dc-wards"}, 8, 1});
  ReadBoth(
      {"dc/single-member-district-2013.geojson.gz", "dc_anc.geojson", {pb::IMPORT_KIND_BOUNDARIES, "dc-anc"}, 296, 1});
}

TEST(RealFiles, ReadsRailAndWaterOfWashington) {
  ReadBoth({"dc/railroads.geojson.gz", "rail.geojson", {pb::IMPORT_KIND_BARRIERS, "", "rail"}, 963, 2});
  ReadBoth({"dc/Waterbodies.zip", "water.geojson", {pb::IMPORT_KIND_BARRIERS, "", "water"}, 1297, 1});
}

TEST(RealFiles, ReadsTheTownsOfVermont) {
  ReadBoth({"vermont/VT_towns.zip", "vermont_towns.geojson", {pb::IMPORT_KIND_BOUNDARIES, "vermont-towns"}, 246, 1});
}

TEST(RealFiles, ReadsADraftOfVermontAddresses) {
  ReadBoth({"vermont/draft_osm/stowe_addresses.osm.gz", "small.osm", {pb::IMPORT_KIND_ADDRESSES, ""}, 3523, 4});
}

TEST(RealFiles, ReadsTheRoadsOfVermont) {
  ReadBoth({"vermont/roads/grand_isle_roads.json.gz",
            "tiger_roads.geojson",
            {pb::IMPORT_KIND_STREETS, "tiger-roads"},
            869,
            4});
}

TEST(RealFiles, ReadsACountyOfVermont) {
  CollectRows sample;
  ASSERT_TRUE(ReadInto(sample, TestData("vermont_e911.geojson"), {pb::IMPORT_KIND_ADDRESSES, "vermont-e911"}).ok());
  EXPECT_EQ(sample.rows.size(), 3u);
  const std::string folder = RealData("vermont/e911/grand_isle");
  if (folder.empty()) {
    std::cout << "ran without vermont/e911 (set SNOWFIELD_DATA to read it too)\n";
    return;
  }
  CollectRows county;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    county.fraction = 0;
    const absl::Status status = ReadInto(county, entry.path().string(), {pb::IMPORT_KIND_ADDRESSES, "vermont-e911"});
    ASSERT_TRUE(status.ok()) << base::MessageOf(status);
  }
  uint64_t units = 0;
  for (const AddressRow& row : county.All<AddressRow>()) units += std::max(1u, row.unit_count());
  std::cout << "Grand Isle: " << county.rows.size() << " rows, " << units << " units, "
            << county.CountIssues("HOUSE_NUMBER_MISSING") << " without number, " << county.CountSkipped()
            << " left out\n";
  EXPECT_EQ(county.rows.size() + county.issues.size() + county.CountSkipped(), 7544u);
  EXPECT_EQ(county.issues.size(), county.CountIssues("HOUSE_NUMBER_MISSING"));
}

TEST(RealFiles, ReadsLaufThoughNodesAreMissing) {
  const CollectRows addresses =
      ReadBoth({"lauf/lauf-200115.osm.pbf", "small.osm", {pb::IMPORT_KIND_ADDRESSES, ""}, 5425, 4});
  EXPECT_EQ(addresses.CountIssues("FILE_TRUNCATED"), 0u);
  const CollectRows streets =
      ReadBoth({"lauf/lauf-200115.osm.pbf", "small.osm", {pb::IMPORT_KIND_STREETS, ""}, 2815, 3});
  for (const StreetRow& row : streets.All<StreetRow>()) ASSERT_GE(row.line_string().coordinates_size(), 4);
  ReadBoth({"lauf/lauf-200115.osm.pbf", "small.osm", {pb::IMPORT_KIND_BARRIERS, ""}, 176, 3});
  ReadBoth({"lauf/lauf-200115.osm.pbf", "small.osm", {pb::IMPORT_KIND_BOUNDARIES, ""}, 0, 1});
}

}  // namespace
}  // namespace snowfield::cli
