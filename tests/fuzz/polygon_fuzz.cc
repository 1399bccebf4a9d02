#include "tests/fuzz/polygon_fuzz.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include "base/status.h"
#include "geo/cut/cut_turf.h"
#include "geo/geos/geometry.h"
#include "geo/hand/door_index.h"

namespace snowfield::fuzz {
namespace {

using geo::Geometry;
using geo::GeometryKind;

void Require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

// Input is refused by INVALID_ARGUMENT, with a reason and the field; nothing else may go wrong.
void RequireRefusal(const absl::Status& status, const char* field) {
  Require(status.code() == absl::StatusCode::kInvalidArgument, "refused, but not as invalid");
  Require(!base::DetailOf(status).reason.empty(), "refused without a reason");
  Require(base::DetailOf(status).field == field, "refused without its field");
}

// Five doors on a corner of two streets at 11 E, 49.5 N.
geo::CutInput FewDoors() {
  geo::CutInput input;
  for (int i = 0; i < 5; ++i) {
    geo::CutDoor& door = input.doors.emplace_back();
    door.id = base::DoorId(i + 1);
    door.position = {11 + 2e-4 * i, 49.5 + (i % 2 == 0 ? 1e-4 : -1e-4)};
    door.street = "Main Street";
    door.house_number = std::to_string(i);
  }
  input.streets.push_back({"Main Street", geo::StreetClass::kResidential, 0, {{10.999, 49.5}, {11.002, 49.5}}, {}});
  input.streets.push_back({"Side Street", geo::StreetClass::kResidential, 0, {{11, 49.499}, {11, 49.501}}, {}});
  return input;
}

void CutWith(const geo::CutInput& input, const char* field) {
  geo::CutOptions options;
  options.target_doors = 2;
  const absl::StatusOr<geo::CutResult> result = geo::CutTurf(input, options);
  if (!result.ok()) return RequireRefusal(result.status(), field);
  std::set<int64_t> doors;
  size_t count = 0;
  for (const geo::Turf& turf : result->turfs) {
    for (const base::DoorId door : turf.doors) doors.insert(door.value);
    count += turf.doors.size();
    const absl::StatusOr<Geometry> polygon = Geometry::FromEwkb(turf.polygon_ewkb, "polygon");
    Require(polygon.ok() && polygon->FindInvalidity()->empty(), "a turf's polygon is not valid");
  }
  Require(count == input.doors.size() && doors.size() == count, "a door lost or doubled");
}

void Measure(const Geometry& geometry) {
  const absl::StatusOr<std::vector<geo::Invalidity>> invalid = geometry.FindInvalidity();
  const GeometryKind kind = geometry.kind();
  if (!invalid.ok() || !invalid->empty() || (kind != GeometryKind::kPolygon && kind != GeometryKind::kMultiPolygon)) {
    return;
  }
  std::vector<Geometry> areas;
  areas.push_back(geometry.Clone());
  const absl::StatusOr<geo::AreaIndex> index = geo::AreaIndex::Over(areas);
  Require(index.ok(), "a valid area that can't be searched");
  const geo::Box box = geometry.Bounds();
  for (const geo::XY& point :
       {geo::XY{11, 49.5}, geo::XY{box.min_x, box.min_y}, geo::XY{(box.min_x + box.max_x) / 2, box.max_y}}) {
    Require(index->Find(point) <= 0, "an area that is not there");
  }
  const absl::StatusOr<std::string> written = geometry.ToEwkb();
  Require(written.ok() && Geometry::FromEwkb(*written, "again").ok(), "what was written can't be read");
}

// A door on the lasso's line may be in or out; one that is taken is in it or on its line.
void SelectWith(std::string_view bytes, const geo::CutInput& input) {
  const absl::StatusOr<geo::Lasso> lasso = geo::Lasso::FromEwkb(bytes, "area");
  if (!lasso.ok()) return RequireRefusal(lasso.status(), "area");
  std::vector<geo::LonLat> places;
  for (const geo::CutDoor& door : input.doors) places.push_back(door.position);
  const absl::StatusOr<geo::Frame> frame = geo::Frame::AboutAll(places, "doors");
  std::vector<Geometry> areas;
  areas.push_back(Geometry::FromEwkb(bytes, "area").value());
  const absl::StatusOr<geo::AreaIndex> index = geo::AreaIndex::Over(areas);
  Require(frame.ok() && index.ok(), "a lasso that can't be searched");
  for (const int door : geo::DoorIndex(places, *frame).Within(*lasso)) {
    Require(index->Find({places[door].lon, places[door].lat}) == 0, "a lasso took a door that it does not hold");
  }
}

}  // namespace

void TryPolygon(std::string_view bytes) {
  const absl::StatusOr<Geometry> geometry = Geometry::FromEwkb(bytes, "area");
  if (geometry.ok()) {
    Measure(*geometry);
  } else {
    RequireRefusal(geometry.status(), "area");
  }
  const auto lines = geo::EwkbToLines(bytes, "area");
  if (!lines.ok()) RequireRefusal(lines.status(), "area");
  geo::CutInput input = FewDoors();
  SelectWith(bytes, input);
  input.kept_boundaries.push_back({base::BoundaryId(1), std::string(bytes)});
  CutWith(input, "kept_boundaries[0]");
  input.kept_boundaries.clear();
  input.barriers.push_back({geo::BarrierKind::kWater, std::string(bytes)});
  CutWith(input, "barriers[0]");
}

}  // namespace snowfield::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  snowfield::fuzz::TryPolygon({reinterpret_cast<const char*>(data), size});
  return 0;
}
