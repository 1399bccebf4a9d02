#include "bench/geo/our_cut.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "base/status.h"
#include "geo/geos/geometry.h"
#include "geo/shape/turf_shape.h"

namespace snowfield::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kDegree_m = 111'195;  // of latitude

// FNV-1a.
void AddTo(uint64_t* hash, std::string_view bytes) {
  for (const char byte : bytes) *hash = (*hash ^ static_cast<unsigned char>(byte)) * 0x100000001B3u;
}

class StageClock {
 public:
  explicit StageClock(std::vector<std::pair<std::string, double>>* list) : list_(list), entered_(Clock::now()) {}
  void Enter(geo::CutStage stage) {
    const std::string name(geo::CutStageName(stage));
    if (name == name_) return;
    const Clock::time_point now = Clock::now();
    if (!name_.empty()) list_->emplace_back(name_, std::chrono::duration<double>(now - entered_).count());
    entered_ = now;
    name_ = name;
  }

 private:
  std::vector<std::pair<std::string, double>>* list_;
  Clock::time_point entered_;
  std::string name_;
};

double MetresPerDegree2(double lat) { return kDegree_m * kDegree_m * std::cos(lat * 3.14159265358979 / 180); }

}  // namespace

absl::StatusOr<OurCut> CutOurs(const DataSet& set, const geo::CutOptions& options, bool keep) {
  // The engine takes the boundaries in its input; a copy would be counted as its memory if it were made inside.
  geo::CutInput kept;
  if (keep) {
    kept = set.input;
    kept.kept_boundaries = set.boundaries;
  }
  OurCut cut;
  StageClock clock(&cut.stage_seconds);
  geo::CutControl control;
  control.progress = [&](geo::CutStage stage, double, int) { clock.Enter(stage); };
  const Meter meter;
  SNOWFIELD_ASSIGN_OR_RETURN(cut.result, geo::CutTurf(keep ? kept : set.input, options, control));
  cut.effort = meter.Stop();
  for (const auto& [stage, seconds] : cut.stage_seconds) {
    if (stage == "ATOMS" || stage == "CUT" || stage == "REFINE") cut.partition_seconds += seconds;
  }
  absl::flat_hash_map<base::DoorId, int> index;
  for (size_t i = 0; i < set.input.doors.size(); ++i) index[set.input.doors[i].id] = static_cast<int>(i);
  cut.part.assign(set.input.doors.size(), -1);
  for (size_t turf = 0; turf < cut.result.turfs.size(); ++turf) {
    for (const base::DoorId door : cut.result.turfs[turf].doors) {
      int& part = cut.part[index.at(door)];
      if (part >= 0) ++cut.doors_doubled;
      part = static_cast<int>(turf);
    }
  }
  return cut;
}

uint64_t HashOf(const geo::CutResult& result) {
  uint64_t hash = 0xCBF29CE484222325u;
  for (const geo::Turf& turf : result.turfs) {
    for (const base::DoorId door : turf.doors) {
      AddTo(&hash, {reinterpret_cast<const char*>(&door.value), sizeof door.value});
    }
    AddTo(&hash, turf.polygon_ewkb);
    AddTo(&hash, turf.walk_line_ewkb);
  }
  return hash;
}

absl::StatusOr<PolygonCheck> CheckPolygons(const DataSet& set, const OurCut& cut, int sample) {
  const std::vector<geo::Turf>& turfs = cut.result.turfs;
  std::vector<geo::Geometry> polygons;
  std::vector<geo::Box> boxes;
  for (const geo::Turf& turf : turfs) {
    SNOWFIELD_ASSIGN_OR_RETURN(geo::Geometry polygon, geo::Geometry::FromEwkb(turf.polygon_ewkb, "polygon"));
    boxes.push_back(polygon.Bounds());
    polygons.push_back(std::move(polygon));
  }
  std::vector<std::vector<int>> doors(turfs.size());
  for (size_t i = 0; i < cut.part.size(); ++i) {
    if (cut.part[i] >= 0) doors[cut.part[i]].push_back(static_cast<int>(i));
  }
  const geo::BoxIndex index(boxes);
  PolygonCheck check;
  const size_t step = std::max<size_t>(1, turfs.size() / static_cast<size_t>(sample));
  for (size_t t = 0; t < turfs.size(); t += step) {
    ++check.turfs;
    SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<geo::Invalidity> invalid, polygons[t].FindInvalidity());
    if (!invalid.empty()) {
      ++check.invalid;
      continue;
    }
    bool overlaps = false;
    for (const int other : index.Query(boxes[t])) {
      if (other == static_cast<int>(t) || overlaps) continue;
      const absl::StatusOr<geo::Geometry> common = polygons[t].Intersection(polygons[other]);
      if (!common.ok()) continue;  // the other one is not valid, and counted where it is looked at
      SNOWFIELD_ASSIGN_OR_RETURN(const double area, common->Area());
      overlaps = area * MetresPerDegree2(turfs[t].centre.lat) > kOverlapMin_m2;
    }
    check.overlapping += overlaps ? 1 : 0;
    std::vector<geo::Geometry> own;
    // Turfs that share a place share it out within the nudge.
    SNOWFIELD_ASSIGN_OR_RETURN(geo::Geometry reach, polygons[t].Buffer(1.1 * geo::kShapeNudge_m / kDegree_m));
    own.push_back(std::move(reach));
    SNOWFIELD_ASSIGN_OR_RETURN(const geo::AreaIndex area, geo::AreaIndex::Over(own));
    for (const int door : doors[t]) {
      const geo::LonLat& place = set.input.doors[door].position;
      check.doors_outside += area.Find({place.lon, place.lat}) < 0 ? 1 : 0;
    }
  }
  return check;
}

}  // namespace snowfield::bench
