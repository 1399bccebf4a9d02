#include "services/cli/town/write_town.h"

#include <array>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "absl/strings/ascii.h"
#include "services/cli/town/text_file.h"

namespace snowfield::cli::town {
namespace {

std::string Coordinates(const Grid& grid, const std::vector<PlanPoint>& points) {
  std::string text = "[";
  for (const PlanPoint& point : points) {
    const Position position = grid.At(point);
    absl::StrAppend(&text, text.size() > 1 ? "," : "", "[", Degrees(position.longitude_e7), ",",
                    Degrees(position.latitude_e7), "]");
  }
  return text + "]";
}

// One GeoJSON file (RFC 7946). Our texts hold no character that JSON escapes.
class GeoJsonFile {
 public:
  explicit GeoJsonFile(const std::string& path) : file_(path) {
    file_.Put("{\"type\":\"FeatureCollection\",\"features\":[\n");
  }
  void Add(const std::string& properties, const char* geometry_type, const std::string& coordinates) {
    file_.Put(absl::StrCat(first_ ? "" : ",\n", "{\"type\":\"Feature\",\"properties\":{", properties,
                           "},\"geometry\":{\"type\":\"", geometry_type, "\",\"coordinates\":", coordinates, "}}"));
    first_ = false;
  }
  absl::Status Close() {
    file_.Put("\n]}\n");
    return file_.Close();
  }

 private:
  TextFile file_;
  bool first_ = true;
};

std::string Property(const char* key, const std::string& value) {
  return absl::StrCat("\"", key, "\":\"", value, "\"");
}

absl::Status WriteStreets(const Town& town, const std::string& path) {
  GeoJsonFile file(path);
  for (size_t i = 0; i < town.streets.size(); ++i) {
    const Street& street = town.streets[i];
    file.Add(absl::StrCat(Property("id", absl::StrCat("S", i + 1)), ",", Property("name", street.name), ",",
                          Property("highway", street.highway), ",", Property("bridge", street.bridge ? "yes" : "no")),
             "LineString", Coordinates(town.grid, street.line));
  }
  return file.Close();
}

absl::Status WriteBarriers(const Town& town, const std::string& path) {
  GeoJsonFile file(path);
  for (size_t i = 0; i < town.barriers.size(); ++i) {
    const Barrier& barrier = town.barriers[i];
    const std::string line = Coordinates(town.grid, barrier.points);
    file.Add(absl::StrCat(Property("id", absl::StrCat("B", i + 1)), ",", Property("kind", barrier.kind)),
             barrier.area ? "Polygon" : "LineString", barrier.area ? absl::StrCat("[", line, "]") : line);
  }
  return file.Close();
}

absl::Status WriteBoundaries(const Town& town, const std::string& path) {
  GeoJsonFile file(path);
  for (const Boundary& boundary : town.boundaries) {
    file.Add(absl::StrCat(Property("id", absl::StrCat(boundary.kind, "-", boundary.code)), ",",
                          Property("kind", boundary.kind), ",", Property("name", boundary.name), ",",
                          Property("code", boundary.code)),
             "Polygon", absl::StrCat("[", Coordinates(town.grid, boundary.ring), "]"));
  }
  return file.Close();
}

absl::Status WriteAddresses(const Town& town, const std::string& path) {
  TextFile file(path);
  file.Put("id,house_number,street,unit,city,postal_code,longitude,latitude,floor\n");
  int64_t door = 0;
  for (const Building& building : town.buildings) {
    const Position position = town.grid.At(building.at);
    for (int unit = 0; unit < building.door_count(); ++unit) {
      file.Put(absl::StrCat("D", ++door, ",", building.house_number, ",",
                            town.street_names[static_cast<size_t>(building.street_name)], ",", UnitOf(building, unit),
                            ",", kTownName, ",", kPostalCode, ",", Degrees(position.longitude_e7), ",",
                            Degrees(position.latitude_e7), ",",
                            building.is_apartments() ? absl::StrCat(FloorOf(building, unit)) : "", "\n"));
    }
  }
  return file.Close();
}

// North Carolina's columns since 12 February 2022, in order; those that the town leaves empty too.
constexpr char kVoterHeader[] =
    "county_id\tcounty_desc\tvoter_reg_num\tncid\tlast_name\tfirst_name\tmiddle_name\tname_suffix_lbl\tstatus_cd\t"
    "voter_status_desc\treason_cd\tvoter_status_reason_desc\tres_street_address\tres_city_desc\tstate_cd\tzip_code\t"
    "mail_addr1\tmail_addr2\tmail_addr3\tmail_addr4\tmail_city\tmail_state\tmail_zipcode\tfull_phone_number\t"
    "confidential_ind\tregistr_dt\trace_code\tethnic_code\tparty_cd\tgender_code\tbirth_year\tage_at_year_end\tbirth_"
    "state\t"
    "drivers_lic\tprecinct_abbrv\tprecinct_desc\tmunicipality_abbrv\tmunicipality_desc\tward_abbrv\tward_desc\t"
    "cong_dist_abbrv\tsuper_court_abbrv\tjudic_dist_abbrv\tnc_senate_abbrv\tnc_house_abbrv\tcounty_commiss_abbrv\t"
    "county_commiss_desc\ttownship_abbrv\ttownship_desc\tschool_dist_abbrv\tschool_dist_desc\tfire_dist_abbrv\t"
    "fire_dist_desc\twater_dist_abbrv\twater_dist_desc\tsewer_dist_abbrv\tsewer_dist_desc\tsanit_dist_abbrv\t"
    "sanit_dist_desc\trescue_dist_abbrv\trescue_dist_desc\tmunic_dist_abbrv\tmunic_dist_desc\tdist_1_abbrv\tdist_1_"
    "desc\t"
    "vtd_abbrv\tvtd_desc\n";
constexpr size_t kVoterColumns = 67;

std::string Padded(int64_t number, const char* format) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), format, static_cast<long long>(number));
  return text.data();
}

std::string VoterRow(const Voter& voter, int64_t number) {
  std::array<std::string, kVoterColumns> cells;
  cells[0] = "0";
  cells[1] = "SNOWFIELD";
  cells[2] = Padded(number, "%012lld");
  cells[3] = Padded(number, "SF%07lld");
  cells[4] = absl::AsciiStrToUpper(voter.last_name);
  cells[5] = absl::AsciiStrToUpper(voter.first_name);
  cells[6] = absl::AsciiStrToUpper(voter.middle_name);
  cells[7] = voter.suffix;
  cells[8] = voter.status;
  cells[9] = voter.status == "A" ? "ACTIVE" : voter.status == "I" ? "INACTIVE" : "REMOVED";
  cells[12] = voter.address_line;
  const bool removed = voter.status == "R";
  cells[13] = removed ? "" : absl::AsciiStrToUpper(kTownName);
  cells[15] = removed ? "" : kPostalCode;
  cells[23] = voter.phone;
  cells[24] = voter.confidential ? "Y" : "N";
  cells[28] = voter.party;
  cells[29] = voter.sex;
  cells[30] = absl::StrCat(voter.birth_year);
  std::string row;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) row += '\t';
    if (!cells[i].empty()) absl::StrAppend(&row, "\"", cells[i], "\"");
  }
  return row + "\n";
}

void CountVoter(const Voter& voter, TownCounts& counts) {
  ++counts.people;
  if (voter.status == "R") {
    ++counts.removed;
  } else if (voter.confidential) {
    ++counts.confidential;
  } else if (!voter.has_door) {
    ++counts.without_door;
  }
}

absl::Status WriteVoters(const Town& town, const std::string& path, TownCounts& counts) {
  TextFile file(path);
  file.Put(kVoterHeader);
  for (const Building& building : town.buildings) {
    ++counts.addresses;
    for (int unit = 0; unit < building.door_count(); ++unit) {
      ++counts.doors;
      const DoorAddress address{counts.doors, building.house_number,
                                town.street_names[static_cast<size_t>(building.street_name)], UnitOf(building, unit)};
      for (const Voter& voter : VotersOf(town.plan, address)) {
        CountVoter(voter, counts);
        file.Put(VoterRow(voter, counts.people));
      }
    }
  }
  return file.Close();
}

absl::Status WriteReadme(const Town& town, const TownCounts& counts, bool with_osm, const std::string& path) {
  TextFile file(path);
  file.Put(absl::StrCat(kTownName, ": a town that does not exist (seed ", town.plan.seed,
                        ").\n\nMade by `snowfield town generate --seed ", town.plan.seed, " --doors ", town.plan.doors,
                        "`; the same words make the same bytes. No person in it is real.\n\n"
                        "addresses.csv       ",
                        counts.doors, " doors at ", counts.addresses, " house numbers\n", "streets.geojson     ",
                        counts.streets, " lines, not split where they meet\n", "barriers.geojson    river, railway",
                        town.grid.motorway_row >= 0 ? ", motorway" : "", "\n", "boundaries.geojson  ",
                        counts.boundaries, " areas: the town, its wards, its precincts\n", "voters.tsv          ",
                        counts.people, " voters in North Carolina's layout: ", counts.removed, " removed and ",
                        counts.confidential, " confidential ones, which the import leaves out, and ",
                        counts.without_door, " whose address is not on the map\n",
                        with_osm ? "town.osm            the same town as OpenStreetMap XML\n" : "",
                        "\nImport them in this order:\n"
                        "  snowfield import streets streets.geojson\n"
                        "  snowfield import barriers barriers.geojson\n"
                        "  snowfield import boundaries boundaries.geojson\n"
                        "  snowfield import addresses addresses.csv\n"
                        "  snowfield import people voters.tsv --preset nc-voters\n"));
  return file.Close();
}

}  // namespace

std::string UnitOf(const Building& building, int unit) {
  if (!building.is_apartments()) return "";
  return absl::StrCat("Apt ", (FloorOf(building, unit) + 1) * 100 + unit % building.units_per_floor + 1);
}

int FloorOf(const Building& building, int unit) { return unit / building.units_per_floor; }

std::string Degrees(int64_t degrees_e7) {
  const int64_t whole = std::abs(degrees_e7);
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%s%lld.%07lld", degrees_e7 < 0 ? "-" : "",
                static_cast<long long>(whole / 10000000), static_cast<long long>(whole % 10000000));
  return text.data();
}

absl::StatusOr<TownCounts> WriteTown(const Town& town, const std::string& folder, bool with_osm) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!std::filesystem::is_directory(folder, error)) {
    return base::NotNow("FILE_NOT_WRITTEN",
                        absl::StrCat("the folder ", folder, " can't be made; choose another with --out"));
  }
  TownCounts counts;
  counts.streets = static_cast<int64_t>(town.streets.size());
  counts.boundaries = static_cast<int64_t>(town.boundaries.size());
  const auto path = [&folder](const char* name) { return (std::filesystem::path(folder) / name).string(); };
  SNOWFIELD_RETURN_IF_ERROR(WriteStreets(town, path("streets.geojson")));
  SNOWFIELD_RETURN_IF_ERROR(WriteBarriers(town, path("barriers.geojson")));
  SNOWFIELD_RETURN_IF_ERROR(WriteBoundaries(town, path("boundaries.geojson")));
  SNOWFIELD_RETURN_IF_ERROR(WriteAddresses(town, path("addresses.csv")));
  SNOWFIELD_RETURN_IF_ERROR(WriteVoters(town, path("voters.tsv"), counts));
  if (with_osm) SNOWFIELD_RETURN_IF_ERROR(WriteOsm(town, path("town.osm")));
  SNOWFIELD_RETURN_IF_ERROR(WriteReadme(town, counts, with_osm, path("README.txt")));
  return counts;
}

}  // namespace snowfield::cli::town
