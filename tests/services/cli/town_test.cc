#include "services/cli/town/town.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/status.h"
#include "services/cli/town/people.h"
#include "services/cli/town/write_town.h"
#include "tests/services/cli/collect_rows.h"

namespace snowfield::cli::town {
namespace {

namespace pb = snowfield::territory::v1;

constexpr const char* kFiles[] = {"addresses.csv", "streets.geojson", "barriers.geojson", "boundaries.geojson",
                                  "voters.tsv",    "town.osm",        "README.txt"};

Town Planned(uint64_t seed, int64_t doors) {
  auto town = PlanTown({.seed = seed, .doors = doors});
  EXPECT_TRUE(town.ok()) << base::MessageOf(town.status());
  return *std::move(town);
}

TownCounts Written(const TestFolder& folder, uint64_t seed, int64_t doors) {
  const auto counts = WriteTown(Planned(seed, doors), folder.Path(""), true);
  EXPECT_TRUE(counts.ok()) << base::MessageOf(counts.status());
  return *counts;
}

TEST(Town, SameSeedSameBytesOtherSeedOtherBytes) {
  TestFolder one;
  TestFolder two;
  TestFolder other;
  Written(one, 7, 600);
  Written(two, 7, 600);
  Written(other, 8, 600);
  for (const char* file : kFiles) {
    EXPECT_EQ(ReadText(one.Path(file)), ReadText(two.Path(file))) << file;
    EXPECT_NE(ReadText(one.Path(file)), ReadText(other.Path(file))) << file;
    EXPECT_GT(ReadText(one.Path(file)).size(), 300u) << file;
  }
}

// The bytes themselves are promised: a town is named by its seed in tests, demonstrations and benchmarks.
TEST(Town, BytesOfSeedSevenStayAsTheyAre) {
  TestFolder folder;
  Written(folder, 7, 2400);
  uint64_t hash = 14695981039346656037u;  // FNV-1a
  for (const char* file : kFiles) {
    for (const char c : ReadText(folder.Path(file))) hash = (hash ^ static_cast<uint8_t>(c)) * 1099511628211u;
  }
  EXPECT_EQ(hash, 9161898429658327342u);
}

TEST(Town, HasExactlyTheDoorsThatWereAskedFor) {
  for (const int64_t doors : {50, 51, 2400, 2401, 19999, 20000, 60000}) {
    int64_t count = 0;
    for (const Building& building : Planned(3, doors).buildings) count += building.door_count();
    EXPECT_EQ(count, doors);
  }
  for (const int64_t doors : {-1, 0, 49, 2000001}) {
    EXPECT_EQ(base::DetailOf(PlanTown({.seed = 1, .doors = doors}).status()).reason, "DOORS_OUT_OF_RANGE");
  }
}

TEST(Town, EvenNumbersStandOnOneSideAndOddOnTheOther) {
  const Town town = Planned(7, 2400);
  const int rows = town.grid.row_count();
  size_t even = 0;
  for (const Building& building : town.buildings) {
    const bool is_even = building.house_number % 2 == 0;
    if (is_even) ++even;
    const int64_t away = building.street_name < rows
                             ? building.at.v_cm - town.grid.rows_cm[building.street_name]
                             : building.at.u_cm - town.grid.columns_cm[building.street_name - rows];
    ASSERT_EQ(is_even, away > 0) << building.house_number;
    ASSERT_GE(std::abs(away), 8 * kMetre);
    ASSERT_LE(std::abs(away), 15 * kMetre);
  }
  EXPECT_NEAR(static_cast<double>(even) / town.buildings.size(), 0.5, 0.05);
}

TEST(Town, NumbersRiseAlongAStreetAndNoneIsGivenTwice) {
  const Town town = Planned(7, 2400);
  std::map<int, std::map<int64_t, int>> along;  // by street and side, place to number
  std::set<std::pair<int, int>> given;
  for (const Building& building : town.buildings) {
    ASSERT_TRUE(given.insert({building.street_name, building.house_number}).second);
    const bool is_row = building.street_name < town.grid.row_count();
    along[building.street_name * 2 + building.house_number % 2][is_row ? building.at.u_cm : building.at.v_cm] =
        building.house_number;
  }
  for (const auto& [side, houses] : along) {
    int last = 0;
    for (const auto& [place, number] : houses) {
      ASSERT_GT(number, last);
      last = number;
    }
  }
}

TEST(Town, HasRiverBridgesRailwayAndInBigTownsAMotorway) {
  const auto kinds = [](const Town& town) {
    std::set<std::string> found;
    for (const Barrier& barrier : town.barriers) found.insert(barrier.kind);
    return found;
  };
  const Town small = Planned(7, 2400);
  EXPECT_THAT(kinds(small), ::testing::ElementsAre("rail", "water"));
  EXPECT_EQ(
      std::count_if(small.streets.begin(), small.streets.end(), [](const Street& street) { return street.bridge; }), 2);
  EXPECT_THAT(kinds(Planned(7, 20000)), ::testing::ElementsAre("motorway", "rail", "water"));
}

TEST(Town, StreetsAreOneNetwork) {
  const Town town = Planned(7, 2400);
  std::map<PlanPoint, PlanPoint> parent;
  const auto root = [&parent](PlanPoint point) {
    while (parent.at(point) != point) point = parent.at(point);
    return point;
  };
  for (const Street& street : town.streets) {
    for (const PlanPoint& point : street.line) parent.try_emplace(point, point);
    for (size_t i = 1; i < street.line.size(); ++i) parent[root(street.line[i])] = root(street.line[0]);
  }
  std::set<PlanPoint> roots;
  for (const auto& [point, unused] : parent) roots.insert(root(point));
  EXPECT_EQ(roots.size(), 1u);
}

TEST(Town, FilesGoThroughTheReadersOfRealFiles) {
  TestFolder folder;
  const TownCounts counts = Written(folder, 7, 2400);
  const auto read = [&](const char* file, ReadPlan plan) {
    CollectRows rows;
    const absl::Status status = ReadInto(rows, folder.Path(file), plan);
    EXPECT_TRUE(status.ok()) << file << ": " << base::MessageOf(status);
    return rows;
  };
  const CollectRows addresses = read("addresses.csv", {pb::IMPORT_KIND_ADDRESSES, ""});
  EXPECT_EQ(addresses.rows.size(), 2400u);
  EXPECT_TRUE(addresses.issues.empty());
  const CollectRows streets = read("streets.geojson", {pb::IMPORT_KIND_STREETS, "sample"});
  EXPECT_EQ(static_cast<int64_t>(streets.rows.size()), counts.streets);
  EXPECT_EQ(read("barriers.geojson", {pb::IMPORT_KIND_BARRIERS, ""}).rows.size(), 2u);
  EXPECT_EQ(static_cast<int64_t>(read("boundaries.geojson", {pb::IMPORT_KIND_BOUNDARIES, ""}).rows.size()),
            counts.boundaries);
  const CollectRows people = read("voters.tsv", {pb::IMPORT_KIND_PEOPLE, "nc-voters"});
  EXPECT_TRUE(people.issues.empty());
  EXPECT_EQ(static_cast<int64_t>(people.rows.size()), counts.people - counts.removed - counts.confidential);
  EXPECT_EQ(people.CountSkipped(), static_cast<uint64_t>(counts.removed + counts.confidential));
}

TEST(Town, OsmFileHoldsTheSameTown) {
  TestFolder folder;
  const TownCounts counts = Written(folder, 7, 2400);
  CollectRows addresses;
  ASSERT_TRUE(ReadInto(addresses, folder.Path("town.osm"), {pb::IMPORT_KIND_ADDRESSES, ""}).ok());
  EXPECT_EQ(static_cast<int64_t>(addresses.rows.size()), counts.addresses);
  int64_t doors = 0;
  for (const AddressRow& row : addresses.All<AddressRow>()) doors += std::max(1u, row.unit_count());
  EXPECT_EQ(doors, counts.doors);
  CollectRows streets;
  ASSERT_TRUE(ReadInto(streets, folder.Path("town.osm"), {pb::IMPORT_KIND_STREETS, ""}).ok());
  EXPECT_EQ(static_cast<int64_t>(streets.rows.size()), counts.streets);
  CollectRows boundaries;
  ASSERT_TRUE(ReadInto(boundaries, folder.Path("town.osm"), {pb::IMPORT_KIND_BOUNDARIES, ""}).ok());
  EXPECT_EQ(static_cast<int64_t>(boundaries.rows.size()), counts.boundaries);
}

TEST(Town, ApartmentsHaveUnitsAndFloors) {
  TestFolder folder;
  Written(folder, 7, 2400);
  CollectRows rows;
  ASSERT_TRUE(ReadInto(rows, folder.Path("addresses.csv"), {pb::IMPORT_KIND_ADDRESSES, ""}).ok());
  int units = 0;
  int highest = 0;
  for (const AddressRow& row : rows.All<AddressRow>()) {
    EXPECT_EQ(row.unit().empty(), !row.has_floor());
    if (row.unit().empty()) continue;
    ++units;
    highest = std::max(highest, row.floor());
    EXPECT_EQ(row.unit()[4] - '1', row.floor());
  }
  EXPECT_GT(units, 200);
  EXPECT_GE(highest, 3);
}

TEST(Town, HouseholdsArePlausible) {
  int doors_with_people = 0;
  int people = 0;
  int shared = 0;
  int followers = 0;
  for (int64_t door = 1; door <= 4000; ++door) {
    const auto voters = VotersOf({.seed = 7, .doors = 4000}, {door, 100, "Maple Avenue", ""});
    if (!voters.empty()) ++doors_with_people;
    people += static_cast<int>(voters.size());
    for (size_t i = 0; i < voters.size(); ++i) {
      EXPECT_GE(2026 - voters[i].birth_year, 18);
      EXPECT_TRUE(voters[i].phone.empty() || voters[i].phone.substr(0, 8) == "55555501");
      if (i > 0) ++followers;
      if (i > 0 && voters[i].last_name == voters[0].last_name) ++shared;
    }
  }
  EXPECT_NEAR(doors_with_people / 4000.0, 0.875, 0.02);
  EXPECT_NEAR(static_cast<double>(people) / doors_with_people, 2.06, 0.1);
  EXPECT_GT(shared, followers * 7 / 10);
  EXPECT_LT(shared, followers * 9 / 10);
}

TEST(Town, SaysWhenAFileCannotBeWritten) {
  TestFolder folder;
  const std::string file = folder.Write("in_the_way", "x");
  EXPECT_EQ(base::DetailOf(WriteTown(Planned(7, 60), file, false).status()).reason, "FILE_NOT_WRITTEN");
}

}  // namespace
}  // namespace snowfield::cli::town
