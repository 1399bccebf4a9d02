#include "bench/geo/generated_county.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "bench/geo/county_ground.h"
#include "geo/geos/geometry.h"

namespace snowfield::bench {
namespace {

using geo::LonLat;
using geo::PointM;

constexpr int kPrecinctDoorsMax = 1'500;
constexpr double kCorner_m = 14;  // no house nearer to a junction
constexpr double kCross_m = 200;  // between the cross streets of a grid
// Names stay short, so that a million doors hold their strings in place.
constexpr std::array<const char*, 18> kWords = {"Elm",  "Oak", "Ash",  "Pine", "Fir",  "Lark", "Fox",  "Deer", "Hill",
                                                "Lake", "Ivy", "Rose", "Dale", "Mill", "Glen", "Park", "View", "Bay"};

// How houses stand along one face.
struct Frontage {
  double lot_m = 13;
  double setback_m = 11;
  double occupied = 0.95;   // share of the lots with a house
  double tower = 0;         // chance that the whole face is one tower
  double shared_house = 0;  // chance that a house holds 2 to 6 homes
};

Frontage FrontageOf(GroundKind kind) {
  switch (kind) {
    case GroundKind::kCore:
      return {8, 9, 0.94, 0.02, 0.06};
    case GroundKind::kGrid:
      return {12.5, 11, 0.95, 0.003, 0.02};
    case GroundKind::kWinding:
      return {17, 13, 0.95, 0.001, 0.01};
    case GroundKind::kRural:
      return {70, 25, 0.5, 0, 0};
  }
  return {};
}

class CountyBuilder {
 public:
  CountyBuilder(int doors, uint64_t seed) : ground_(seed), doors_(doors), set_{"generated", seed, {}, {}} {
    set_.input.doors.reserve(static_cast<size_t>(doors));
  }

  DataSet Build() {
    int rings = 0;
    for (; !Full(); ++rings) LayRing(rings);
    LayBarriers(rings);
    Split(-rings + 1, rings, -rings + 1, rings);
    return std::move(set_);
  }

 private:
  // The street `points` (unbent), its name, and where houses may stand along it.
  struct Street {
    std::string name;
    geo::StreetClass street_class = geo::StreetClass::kResidential;
    std::vector<PointM> points;
    bool bridges_river = false, bridges_rail = false, bridges_motorway = false;
  };

  bool Full() const { return static_cast<int>(set_.input.doors.size()) >= doors_; }
  double Uniform() { return static_cast<double>(random_() >> 11) * 0x1p-53; }
  double Between(double low, double high) { return low + (high - low) * Uniform(); }
  bool Chance(double chance) { return Uniform() < chance; }
  LonLat Place(const PointM& unbent) const { return ground_.Place(unbent); }

  void LayRing(int ring) {
    for (int i = -ring; i <= ring; ++i) {
      for (int j = -ring; j <= ring; ++j) {
        if (std::max(std::abs(i), std::abs(j)) == ring && !Full()) LayTile(i, j);
      }
    }
  }

  void LayTile(int i, int j) {
    random_.seed(ground_.SeedOf(i, j));
    const size_t before = set_.input.doors.size();
    const GroundKind kind = ground_.KindOf(i, j);
    LayArterials(i, j, kind);
    if (kind == GroundKind::kCore || kind == GroundKind::kGrid) LayGrid(i, j, kind);
    if (kind == GroundKind::kWinding) LayWinding(i, j);
    if (kind == GroundKind::kRural) LayRural(i, j);
    tile_doors_[{i, j}] = static_cast<int>(set_.input.doors.size() - before);
  }

  // Each tile lays the arterials on its west and south edges, with houses on both sides.
  void LayArterials(int i, int j, GroundKind kind) {
    Frontage frontage = FrontageOf(kind);
    frontage.lot_m += kind == GroundKind::kRural ? 0 : 3;
    frontage.setback_m += 5;
    frontage.occupied *= kind == GroundKind::kRural ? 1 : 0.45;
    const double x = i * kTile_m, y = j * kTile_m;
    Street west{absl::StrCat("Main ", i + 500, " Ave"), geo::StreetClass::kArterial, {{x, y}, {x, y + kTile_m}}};
    west.bridges_river = i % 3 == 0;
    west.bridges_motorway = i % 2 == 0;
    Lay(west);
    LayHouses(west, frontage, kCorner_m, kTile_m - kCorner_m, (j + 500) * 200);
    Street south{absl::StrCat("Main ", j + 500, " St"), geo::StreetClass::kArterial, {{x, y}, {x + kTile_m, y}}};
    south.bridges_rail = j % 2 == 0;
    Lay(south);
    LayHouses(south, frontage, kCorner_m, kTile_m - kCorner_m, (i + 500) * 200);
  }

  // Long streets a block apart, in one of two directions, crossed each 200 m; a few cross streets lack.
  void LayGrid(int i, int j, GroundKind kind) {
    const Frontage frontage = FrontageOf(kind);
    const double block_m = kind == GroundKind::kCore ? 80 : 100;
    const bool upright = Chance(0.5);
    const auto at = [&](double along, double across) {
      return upright ? PointM{i * kTile_m + across, j * kTile_m + along}
                     : PointM{i * kTile_m + along, j * kTile_m + across};
    };
    const auto name = [&](const PointM& p, bool vertical) {
      const double position = vertical ? p.x : p.y;
      return absl::StrCat(static_cast<int>(std::lround(position / 20)) + 20'000, vertical ? " St" : " Ave");
    };
    const int first_number = 100 * (((upright ? j : i) + 500) * 4);
    for (double across = block_m; across < kTile_m - 1; across += block_m) {
      const Street street{
          name(at(0, across), upright), geo::StreetClass::kResidential, {at(0, across), at(kTile_m, across)}};
      Lay(street);
      for (int block = 0; block * kCross_m < kTile_m; ++block) {
        LayHouses(street, frontage, block * kCross_m + kCorner_m, (block + 1) * kCross_m - kCorner_m,
                  first_number + 100 * block);
      }
    }
    for (double along = kCross_m; along < kTile_m - 1; along += kCross_m) {
      for (double across = 0; across < kTile_m - 1; across += block_m) {
        if (Chance(0.1)) continue;
        const Street street{name(at(along, 0), !upright),
                            geo::StreetClass::kResidential,
                            {at(along, across), at(along, across + block_m)}};
        Lay(street);
        if (Chance(0.25)) LayHouses(street, frontage, 28, block_m - 28, static_cast<int>(across));
      }
    }
  }

  // Two collectors that wind from edge to edge; dead ends off them, each fourth street going through to the other.
  void LayWinding(int i, int j) {
    const Frontage frontage = FrontageOf(GroundKind::kWinding);
    const double x0 = i * kTile_m, y0 = j * kTile_m;
    const int code = (i + 50) * 100 + j + 50;
    for (int c = 0; c < 2; ++c) {
      const double phase = Between(0, 6.28), swing_m = Between(10, 35);
      const auto collector_y = [&](double x) {
        const double fade = std::sin(x / kTile_m * 3.14159265);
        return y0 + kTile_m * (0.25 + 0.5 * c) + swing_m * fade * std::sin(x / 90 + phase);
      };
      Street collector{
          absl::StrCat(kWords[static_cast<size_t>(code + c) % kWords.size()], " ", code, c ? " Rd" : " Dr"),
          geo::StreetClass::kResidential,
          {}};
      for (double x = 0; x <= kTile_m; x += 20) collector.points.push_back({x0 + x, collector_y(x)});
      Lay(collector);
      LayHouses(collector, frontage, kCorner_m, kTile_m - kCorner_m, 100);
      int k = 0;
      for (double x = 50; x < kTile_m - 40; x += Between(75, 110), ++k) {
        for (const int side : {1, -1}) {
          const bool through = k % 4 == 2;
          const double length_m =
              through ? (side > 0) == (c == 0) ? 0.25 * kTile_m : 0.25 * kTile_m + swing_m : Between(60, 150);
          const double bend_m = Between(-22, 22);
          Street street{absl::StrCat(kWords[static_cast<size_t>(k) % kWords.size()], " ", code,
                                     c == 0 ? (side > 0 ? " Ct" : " Ln") : (side > 0 ? " Way" : " Pl")),
                        geo::StreetClass::kResidential,
                        {}};
          for (double t = 0; t < 1.001; t += 0.125) {
            street.points.push_back({x0 + x + bend_m * std::sin(t * 3.14159265), collector_y(x) + side * t * length_m});
          }
          Lay(street);
          LayHouses(street, frontage, 26, length_m - (through ? kCorner_m : 2), 1);
        }
      }
    }
  }

  // One road that winds through, houses far apart.
  void LayRural(int i, int j) {
    const double x0 = i * kTile_m, y0 = j * kTile_m, swing_m = Between(-150, 150), end = Between(0.4, 1);
    Street road{absl::StrCat("Rural ", (i + 50) * 100 + j + 50, " Rd"), geo::StreetClass::kResidential, {}};
    for (double t = 0; t <= end; t += 0.04) {
      road.points.push_back({x0 + t * kTile_m, y0 + kTile_m / 2 + swing_m * std::sin(t * 3.14159265)});
    }
    Lay(road);
    LayHouses(road, FrontageOf(GroundKind::kRural), 30, end * kTile_m, 10);
  }

  bool Blocked(const Street& street, const PointM& p, double margin_m) const {
    return (!street.bridges_river && ground_.DistanceTo(Barrier::kRiver, p) < kRiverHalf_m + margin_m) ||
           (!street.bridges_rail && ground_.DistanceTo(Barrier::kRail, p) < kRailHalf_m + margin_m) ||
           (!street.bridges_motorway && ground_.DistanceTo(Barrier::kMotorway, p) < kMotorwayHalf_m + margin_m);
  }

  // Adds the street, broken where it meets a barrier that it does not bridge.
  void Lay(const Street& street) {
    constexpr double kStep_m = 8;
    constexpr int kKeepEach = 5;
    std::vector<LonLat> piece;
    PointM last;
    bool last_kept = true;
    const auto finish = [&] {
      if (!last_kept) piece.push_back(Place(last));
      if (piece.size() > 1) set_.input.streets.push_back({street.name, street.street_class, 0, piece, {}});
      piece.clear();
      last_kept = true;
    };
    for (size_t s = 1; s < street.points.size(); ++s) {
      const PointM &a = street.points[s - 1], &b = street.points[s];
      const int steps = std::max(1, static_cast<int>(geo::DistanceM(a, b) / kStep_m));
      for (int step = s == 1 ? 0 : 1; step <= steps; ++step) {
        const double t = static_cast<double>(step) / steps;
        const PointM p{a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)};
        if (Blocked(street, p, 12)) {
          finish();
          continue;
        }
        last = p;
        last_kept = step % kKeepEach == 0 || step == steps || piece.empty();
        if (last_kept) piece.push_back(Place(p));
      }
    }
    finish();
  }

  // Houses on both sides between two distances along the street.
  void LayHouses(const Street& street, const Frontage& frontage, double from_m, double to_m, int first_number) {
    if (to_m <= from_m) return;
    for (const int side : {0, 1}) {
      if (Chance(frontage.tower)) {
        LayHouse(street, frontage, (from_m + to_m) / 2, side, first_number + side,
                 static_cast<int>(Between(20, 220) * Between(0.3, 1)));
        continue;
      }
      if (Chance(0.05)) continue;  // a park, a school
      int lot = 0;
      const double start_m = from_m + Between(0, frontage.lot_m / 2);
      for (double at_m = start_m; at_m <= to_m; at_m += frontage.lot_m * Between(0.9, 1.1), ++lot) {
        if (!Chance(frontage.occupied)) continue;
        const int homes = Chance(frontage.shared_house) ? static_cast<int>(Between(2, 7)) : 1;
        LayHouse(street, frontage, at_m, side, first_number + 2 * lot + side, homes);
      }
    }
  }

  void LayHouse(const Street& street, const Frontage& frontage, double at_m, int side, int number, int homes) {
    size_t s = 1;
    double length_m = geo::DistanceM(street.points[0], street.points[1]);
    while (at_m > length_m && s + 1 < street.points.size()) {
      at_m -= length_m;
      ++s;
      length_m = geo::DistanceM(street.points[s - 1], street.points[s]);
    }
    const PointM &a = street.points[s - 1], &b = street.points[s];
    const double dx = (b.x - a.x) / length_m, dy = (b.y - a.y) / length_m;
    const double away_m = (side == 0 ? 1 : -1) * frontage.setback_m * Between(0.9, 1.2);
    const PointM p{a.x + at_m * dx - away_m * dy, a.y + at_m * dy + away_m * dx};
    if (Blocked({}, p, 12 + frontage.setback_m)) return;
    const LonLat place = Place(p);
    ++point_;
    for (int home = 0; home < homes && !Full(); ++home) {
      geo::CutDoor& door = set_.input.doors.emplace_back();
      door.id = base::DoorId(static_cast<int64_t>(set_.input.doors.size()));
      door.address_point = base::AddressPointId(point_);
      door.position = place;
      door.house_number = absl::StrCat(number);
      door.street = street.name;
      if (homes > 1) door.unit = absl::StrCat(100 * (home / 8 + 1) + home % 8 + 1);
    }
  }

  void LayBarriers(int rings) {
    const double low = (-rings + 1) * kTile_m - 300, high = rings * kTile_m + 300;
    for (const Barrier barrier : {Barrier::kRiver, Barrier::kRail, Barrier::kMotorway}) {
      for (const std::vector<PointM>& middle : ground_.LinesOf(barrier, low, high)) LayBarrier(barrier, middle);
    }
  }

  void LayBarrier(Barrier barrier, const std::vector<PointM>& middle) {
    std::vector<LonLat> line;
    for (const PointM& p : middle) line.push_back(Place({p.x, p.y + (barrier == Barrier::kRiver ? kRiverHalf_m : 0)}));
    if (barrier == Barrier::kMotorway) {
      set_.input.streets.push_back({"", geo::StreetClass::kMotorway, 0, line, {}});
      return;
    }
    absl::StatusOr<std::string> ewkb;
    if (barrier == Barrier::kRiver) {
      for (size_t i = middle.size(); i-- > 0;) line.push_back(Place({middle[i].x, middle[i].y - kRiverHalf_m}));
      line.push_back(line.front());
      geo::Ring ring;
      for (const LonLat& place : line) ring.push_back({place.lon, place.lat});
      const absl::StatusOr<geo::Geometry> area = geo::Geometry::FromPolygons({{ring, {}}});
      if (area.ok()) ewkb = area->ToEwkb();
    } else {
      ewkb = geo::LineToEwkb(line);
    }
    if (ewkb.ok()) {
      set_.input.barriers.push_back(
          {barrier == Barrier::kRiver ? geo::BarrierKind::kWater : geo::BarrierKind::kRail, *std::move(ewkb)});
    }
  }

  // Precincts: halves of halves of the tiles [i0, i1) x [j0, j1) until few enough doors are in each.
  void Split(int i0, int i1, int j0, int j1) {
    int64_t doors = 0;
    for (int i = i0; i < i1; ++i) {
      for (auto at = tile_doors_.lower_bound({i, j0}); at != tile_doors_.end() && at->first < std::pair(i, j1); ++at) {
        doors += at->second;
      }
    }
    const bool is_tile = i1 - i0 == 1 && j1 - j0 == 1;
    if (doors <= kPrecinctDoorsMax) return AddPrecinct(i0 * kTile_m, i1 * kTile_m, j0 * kTile_m, j1 * kTile_m);
    if (is_tile) {
      const double middle = (i0 + 0.5) * kTile_m;
      AddPrecinct(i0 * kTile_m, middle, j0 * kTile_m, j1 * kTile_m);
      AddPrecinct(middle, i1 * kTile_m, j0 * kTile_m, j1 * kTile_m);
    } else if (i1 - i0 >= j1 - j0) {
      const int middle = (i0 + i1) / 2;
      Split(i0, middle, j0, j1);
      Split(middle, i1, j0, j1);
    } else {
      const int middle = (j0 + j1) / 2;
      Split(i0, i1, j0, middle);
      Split(i0, i1, middle, j1);
    }
  }

  void AddPrecinct(double x0, double x1, double y0, double y1) {
    constexpr double kStep_m = 25;
    geo::Ring ring;
    const auto side = [&](PointM a, PointM b) {
      const int steps = static_cast<int>(std::lround(geo::DistanceM(a, b) / kStep_m));
      for (int s = 0; s < steps; ++s) {
        const LonLat place = Place({a.x + (b.x - a.x) * s / steps, a.y + (b.y - a.y) * s / steps});
        ring.push_back({place.lon, place.lat});
      }
    };
    side({x0, y0}, {x1, y0});
    side({x1, y0}, {x1, y1});
    side({x1, y1}, {x0, y1});
    side({x0, y1}, {x0, y0});
    ring.push_back(ring.front());
    const absl::StatusOr<geo::Geometry> area = geo::Geometry::FromPolygons({{ring, {}}});
    if (!area.ok()) return;
    const auto id = static_cast<int64_t>(set_.boundaries.size()) + 1;
    set_.boundaries.push_back({base::BoundaryId(id), area->ToEwkb().value_or("")});
  }

  const CountyGround ground_;
  const int doors_;
  DataSet set_;
  std::mt19937_64 random_;
  int64_t point_ = 0;
  std::map<std::pair<int, int>, int> tile_doors_;
};

}  // namespace

DataSet GeneratedCounty(int doors, uint64_t seed) {
  return CountyBuilder(std::clamp(doors, 1, kGeneratedDoorsMax), seed).Build();
}

}  // namespace snowfield::bench
