// Barriers and boundaries.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/cli/town/layout.h"
#include "services/cli/town/random.h"

namespace snowfield::cli::town {
namespace {

constexpr int64_t kRiverHalfWidth = 22 * kMetre;
constexpr int64_t kMeander = 18 * kMetre;
constexpr int64_t kDoorsPerPrecinct = 600;

// How far the river strays from its course at a bend.
int64_t MeanderAt(const Grid& grid, int64_t bend) {
  return Random(grid.seed, {0x5201u, static_cast<uint64_t>(bend)}).Between(-kMeander, kMeander);
}

Barrier LayRiver(const Grid& grid) {
  constexpr int64_t kStepsPerBend = 6;
  const int64_t step = kColumnGap / 4;
  Barrier river{"water", {}, true};
  std::vector<PlanPoint> north;
  for (int64_t i = 0; i * step <= grid.columns_cm.back() + 2 * kMargin; ++i) {
    const int64_t t = i % kStepsPerBend;
    const int64_t smooth = t * t * (3 * kStepsPerBend - 2 * t);  // of kStepsPerBend cubed
    const int64_t before = MeanderAt(grid, i / kStepsPerBend);
    const int64_t after = MeanderAt(grid, i / kStepsPerBend + 1);
    const int64_t middle =
        grid.river_cm() + before + (after - before) * smooth / (kStepsPerBend * kStepsPerBend * kStepsPerBend);
    river.points.push_back({i * step - kMargin, middle - kRiverHalfWidth});
    north.push_back({i * step - kMargin, middle + kRiverHalfWidth});
  }
  river.points.insert(river.points.end(), north.rbegin(), north.rend());
  river.points.push_back(river.points.front());
  return river;
}

// Where a line that follows columns or rows bends: at each street, and a margin outside.
std::vector<int64_t> Stops(const std::vector<int64_t>& lines) {
  std::vector<int64_t> stops = {lines.front() - kMargin};
  for (size_t i = 0; i + 1 < lines.size(); ++i) {
    for (int step = 0; step < 4; ++step) stops.push_back(lines[i] + (lines[i + 1] - lines[i]) * step / 4);
  }
  stops.push_back(lines.back());
  stops.push_back(lines.back() + kMargin);
  return stops;
}

// The ring of a rectangle of the plan, with a point at every stop: neighbours share all points of a common side.
std::vector<PlanPoint> RectangleRing(const Grid& grid, int64_t west, int64_t east, int64_t south, int64_t north) {
  std::vector<PlanPoint> ring;
  const auto between = [](const std::vector<int64_t>& stops, int64_t low, int64_t high) {
    std::vector<int64_t> out;
    std::copy_if(stops.begin(), stops.end(), std::back_inserter(out), [=](int64_t x) { return x >= low && x < high; });
    return out;
  };
  const std::vector<int64_t> us = between(Stops(grid.columns_cm), west, east);
  const std::vector<int64_t> vs = between(Stops(grid.rows_cm), south, north);
  for (const int64_t u : us) ring.push_back({u, south});
  for (const int64_t v : vs) ring.push_back({east, v});
  ring.push_back({east, north});
  for (size_t i = us.size(); i-- > 1;) ring.push_back({us[i], north});
  ring.push_back({west, north});
  for (size_t i = vs.size(); i-- > 0;) ring.push_back({west, vs[i]});
  return ring;
}

// Cuts the lines into `parts` runs of about the same length; the outermost reach to the town's edge.
std::vector<int64_t> Cuts(const std::vector<int64_t>& lines, int parts) {
  std::vector<int64_t> cuts = {lines.front() - kMargin};
  const int last = static_cast<int>(lines.size()) - 1;
  for (int part = 1; part < parts; ++part) cuts.push_back(lines[static_cast<size_t>(last * part / parts)]);
  cuts.push_back(lines.back() + kMargin);
  return cuts;
}

int64_t WholeRoot(int64_t square) {
  int64_t root = 1;
  while ((root + 1) * (root + 1) <= square) ++root;
  return root;
}

}  // namespace

std::vector<Barrier> LayBarriers(const Grid& grid) {
  std::vector<Barrier> barriers = {LayRiver(grid)};
  Barrier rail{"rail", {{grid.rail_cm(), -kMargin}}, false};
  for (int row = 0; row + 1 < grid.row_count(); ++row) {
    AppendLine(rail.points, {grid.rail_cm(), grid.rows_cm[row]}, {grid.rail_cm(), grid.rows_cm[row + 1]});
  }
  rail.points.push_back({grid.rail_cm(), grid.rows_cm.back() + kMargin});
  barriers.push_back(std::move(rail));
  if (grid.motorway_row >= 0) {
    Barrier motorway{"motorway", {}, false};
    for (int column = 0; column + 1 < grid.column_count(); ++column) {
      AppendLine(motorway.points, {grid.columns_cm[column], grid.motorway_cm()},
                 {grid.columns_cm[column + 1], grid.motorway_cm()});
    }
    barriers.push_back(std::move(motorway));
  }
  return barriers;
}

std::vector<Boundary> LayBoundaries(const Grid& grid, int64_t doors) {
  const int side_max = grid.column_count() - 1;
  const int side = static_cast<int>(std::clamp<int64_t>(WholeRoot(doors / kDoorsPerPrecinct), 2, side_max));
  const std::vector<int64_t> us = Cuts(grid.columns_cm, side);
  const std::vector<int64_t> vs = Cuts(grid.rows_cm, side);
  std::vector<Boundary> boundaries;
  boundaries.push_back({"town", kTownName, "1", RectangleRing(grid, us.front(), us.back(), vs.front(), vs.back())});
  const int wards = std::min(side, 9);
  for (int ward = 0; ward < wards; ++ward) {
    const auto west = static_cast<size_t>(side * ward / wards);
    const auto east = static_cast<size_t>(side * (ward + 1) / wards);
    boundaries.push_back({"ward", absl::StrCat("Ward ", ward + 1), absl::StrCat(ward + 1),
                          RectangleRing(grid, us[west], us[east], vs.front(), vs.back())});
  }
  for (size_t y = 0; y + 1 < vs.size(); ++y) {
    for (size_t x = 0; x + 1 < us.size(); ++x) {
      const size_t number = y * (us.size() - 1) + x + 1;
      boundaries.push_back({"precinct", absl::StrCat("Precinct ", number), absl::StrCat(number),
                            RectangleRing(grid, us[x], us[x + 1], vs[y], vs[y + 1])});
    }
  }
  return boundaries;
}

}  // namespace snowfield::cli::town
