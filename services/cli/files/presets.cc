#include "services/cli/files/presets.h"

#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"

namespace snowfield::cli {
namespace {

// The table of presets, each in the form that `--map FILE` reads too.
constexpr const char* kPresets[] = {
    R"json({
  "name": "sample", "kind": "addresses",
  "about": "The usual column names: those of `snowfield town generate` and of OpenAddresses.",
  "columns": {
    "external_id": ["id", "external_id", "address_id", "hash"],
    "longitude": ["longitude", "lon", "lng", "long", "x"],
    "latitude": ["latitude", "lat", "y"],
    "house_number": ["house_number", "housenumber", "house number", "number", "addr:housenumber"],
    "street": ["street", "street_name", "street name", "addr:street", "addr:place"],
    "unit": ["unit", "apartment", "apt", "addr:unit"],
    "city": ["city", "town", "addr:city"],
    "postal_code": ["postal_code", "postcode", "postal code", "zip", "zip_code", "addr:postcode"],
    "unit_count": ["unit_count", "units", "unitcount"],
    "floor": ["floor", "level"]
  }
})json",
    R"json({
  "name": "dc", "kind": "addresses",
  "about": "Washington.csv of addressdata.net (OpenStreetMap addresses of Washington DC).",
  "columns": {
    "longitude": ["Longitude"],
    "latitude": ["Latitude"],
    "house_number": ["House number"],
    "street": ["Street name"],
    "postal_code": ["Postal code"]
  }
})json",
    R"json({
  "name": "vermont-e911", "kind": "addresses",
  "about": "Address points of the Vermont Enhanced 9-1-1 Board; only dwellings are taken.",
  "columns": {
    "external_id": ["ESITEID"],
    "house_number": [{"join": ["HOUSE_NUMBERPREFIX", "HOUSE_NUMBER", "HOUSE_NUMBERSUFFIX"], "with": ""}],
    "street": ["PRIMARYNAME", {"join": ["PD", "PT", "SN", "ST", "SD"], "with": " "}],
    "city": ["TOWNNAME"],
    "postal_code": ["ZIP"],
    "unit_count": ["UNITCOUNT"]
  },
  "empty_values": {"house_number": ["0"]},
  "filters": [{"column": "SITETYPE", "take": [
    "SINGLE FAMILY DWELLING", "MULTI-FAMILY DWELLING", "MOBILE HOME", "CONDOMINIUM", "OTHER RESIDENTIAL",
    "SEASONAL HOME", "CAMP", "RESIDENTIAL FARM", "COMMERCIAL W/RESIDENCE"]}]
})json",
    R"json({
  "name": "sample", "kind": "streets",
  "about": "The usual column names, with classes of OpenStreetMap.",
  "columns": {
    "external_id": ["id", "external_id", "osm_id", "LINEARID", "OBJECTID", "OBJECTID_1"],
    "name": ["name", "street", "FULLNAME", "ST_NAME"],
    "source_class": ["highway", "class", "fclass"],
    "walkable": ["walkable", "foot"],
    "bridge_or_tunnel": ["bridge_or_tunnel", "bridge", "tunnel"]
  },
  "constants": {"class_scheme": "osm"}
})json",
    R"json({
  "name": "tiger-roads", "kind": "streets",
  "about": "TIGER/Line roads of the US Census Bureau (tl_*_roads), with MTFCC classes.",
  "columns": {
    "external_id": ["LINEARID"],
    "name": ["FULLNAME"],
    "source_class": ["MTFCC"]
  },
  "constants": {"class_scheme": "mtfcc"}
})json",
    R"json({
  "name": "sample", "kind": "barriers",
  "about": "A column `kind` with water, rail or motorway; or any geometries with --kind.",
  "columns": {
    "external_id": ["id", "external_id", "osm_id", "HYDROID", "LINEARID", "OBJECTID", "OBJECTID_1"],
    "kind": ["kind", "barrier_kind"]
  }
})json",
    R"json({
  "name": "tiger-motorways", "kind": "barriers",
  "about": "The primary roads (MTFCC S1100) of a TIGER/Line roads file, as barriers.",
  "columns": {"external_id": ["LINEARID"]},
  "constants": {"kind": "motorway"},
  "filters": [{"column": "MTFCC", "take": ["S1100"]}]
})json",
    R"json({
  "name": "sample", "kind": "boundaries",
  "about": "Columns kind, name and code; or a file of one kind with --kind.",
  "columns": {
    "external_id": ["id", "external_id", "osm_id"],
    "kind": ["kind"],
    "name": ["name"],
    "code": ["code", "ref"]
  }
})json",
    R"json({
  "name": "dc-precincts", "kind": "boundaries",
  "about": "Voting precincts of the District of Columbia: \"Precinct 139\" has code 139.",
  "columns": {"name": ["NAME"], "code": ["NAME"]},
  "constants": {"kind": "precinct"},
  "remove_prefix": {"code": "Precinct "}
})json",
    R"json({
  "name": "dc-wards", "kind": "boundaries",
  "about": "Wards of the District of Columbia.",
  "columns": {"name": ["NAME"], "code": ["WARD", "WARD_ID"]},
  "constants": {"kind": "ward"}
})json",
    R"json({
  "name": "dc-anc", "kind": "boundaries",
  "about": "Single member districts of the Advisory Neighborhood Commissions of the District of Columbia.",
  "columns": {"name": ["NAME"], "code": ["SMD_ID"]},
  "constants": {"kind": "single_member_district"}
})json",
    R"json({
  "name": "vermont-towns", "kind": "boundaries",
  "about": "Vermont's towns (VT_towns.zip of the MGGG Redistricting Lab).",
  "columns": {"external_id": ["GEOID10"], "name": ["NAME10"], "code": ["GEOID10"]},
  "constants": {"kind": "town"}
})json",
    R"json({
  "name": "sample", "kind": "people",
  "about": "The usual column names.",
  "columns": {
    "external_id": ["id", "external_id", "voter_id", "person_id"],
    "first_name": ["first_name", "firstname", "first name"],
    "middle_name": ["middle_name", "middlename", "middle name"],
    "last_name": ["last_name", "lastname", "last name"],
    "suffix": ["suffix", "name_suffix"],
    "address_line": ["address", "address_line", "street_address"],
    "house_number": ["house_number", "street_number"],
    "street": ["street", "street_name"],
    "unit": ["unit", "apartment", "apt"],
    "city": ["city", "town"],
    "postal_code": ["postal_code", "postcode", "zip", "zip_code", "zip5"],
    "birth_year": ["birth_year"],
    "birth_date": ["birth_date", "date_of_birth", "dob"],
    "age": ["age"],
    "sex": ["sex", "gender"],
    "party": ["party"],
    "phone": ["phone", "phone_number"],
    "email": ["email"]
  }
})json",
    R"json({
  "name": "nc-voters", "kind": "people",
  "about": "North Carolina's voter file (ncvoter), in the layouts since and before February 2022.",
  "delimiter": "\t",
  "columns": {
    "external_id": ["ncid"],
    "first_name": ["first_name"],
    "middle_name": ["middle_name", "midl_name"],
    "last_name": ["last_name"],
    "suffix": ["name_suffix_lbl"],
    "address_line": ["res_street_address"],
    "city": ["res_city_desc"],
    "postal_code": ["zip_code"],
    "birth_year": ["birth_year"],
    "age": ["age_at_year_end", "birth_age"],
    "sex": ["gender_code"],
    "party": ["party_cd"],
    "phone": ["full_phone_number"]
  },
  "empty_values": {"address_line": ["REMOVED"]},
  "filters": [
    {"column": "status_cd", "skip": ["R", "D"]},
    {"column": "voter_status_desc", "skip": ["REMOVED", "DENIED"]},
    {"column": "confidential_ind", "skip": ["Y"]}
  ]
})json",
    R"json({
  "name": "van-people", "kind": "people",
  "about": "An export of NGP VAN (VoteBuilder, EveryAction) with its usual column names.",
  "columns": {
    "external_id": ["Voter File VANID", "VANID", "VAN ID", "MyCampaign VANID"],
    "first_name": ["FirstName", "First Name", "First"],
    "middle_name": ["MiddleName", "Middle Name", "Middle"],
    "last_name": ["LastName", "Last Name", "Last"],
    "suffix": ["Suffix"],
    "address_line": ["vAddress", "Address", "Street Address", "mAddress"],
    "house_number": [{"join": ["StreetNo", "StreetNoHalf"], "with": " "}],
    "street": [{"join": ["StreetPrefix", "StreetName", "StreetType", "StreetSuffix"], "with": " "}],
    "unit": [{"join": ["AptType", "AptNo"], "with": " "}],
    "city": ["City", "vCity", "mCity"],
    "postal_code": ["Zip5", "vZip5", "Zip", "Zip Code", "mZip5"],
    "birth_date": ["DOB", "Date of Birth"],
    "age": ["Age"],
    "sex": ["Sex", "Gender"],
    "party": ["Party"],
    "phone": ["Preferred Phone", "PreferredPhone", "Pref Phone", "Cell Phone", "Home Phone", "Phone"],
    "email": ["PreferredEmail", "Preferred Email", "Email"]
  }
})json",
};

std::vector<Mapping>* ParsePresets() {
  auto* presets = new std::vector<Mapping>();
  for (const char* json : kPresets) {
    auto preset = ParseMapping(json);
    if (!preset.ok()) {  // Our own table is wrong: a bug, not input.
      std::fprintf(stderr, "%s\n", base::MessageOf(preset.status()).c_str());
      std::abort();
    }
    presets->push_back(*std::move(preset));
  }
  return presets;
}

}  // namespace

const std::vector<Mapping>& Presets() {
  static const std::vector<Mapping>* const presets = ParsePresets();
  return *presets;
}

absl::StatusOr<Mapping> FindPreset(std::string_view name, ImportKind kind) {
  const std::string wanted(name.empty() ? "sample" : name);
  std::vector<std::string> names;
  for (const Mapping& preset : Presets()) {
    if (preset.kind != kind) continue;
    if (preset.name == wanted) return preset;
    names.push_back(preset.name);
  }
  return base::InvalidField("preset", "PRESET_UNKNOWN",
                            absl::StrCat("there is no preset ", wanted, " for ", KindName(kind), "; the presets are ",
                                         absl::StrJoin(names, ", ")));
}

}  // namespace snowfield::cli
