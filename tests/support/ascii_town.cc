#include "tests/support/ascii_town.h"

#include <cmath>
#include <cstdint>
#include <random>

#include "geo/geos/geometry.h"

namespace snowfield::testing {
namespace {

using geo::CutInput;
using geo::LonLat;

constexpr double kDegree_m = 111'195;

class Drawing {
 public:
  Drawing(const std::vector<std::string>& rows, const AsciiTownOptions& options) : rows_(rows), options_(options) {}

  CutInput Read() {
    for (int r = 0; r < RowCount(); ++r) ReadRow(r);
    size_t widest = 0;
    for (const std::string& row : rows_) widest = std::max(widest, row.size());
    for (int c = 0; c < static_cast<int>(widest); ++c) ReadColumn(c);
    for (int r = 0; r < RowCount(); ++r) {
      for (int c = 0; c < static_cast<int>(rows_[r].size()); ++c) ReadDoor(r, c);
    }
    return std::move(input_);
  }

 private:
  int RowCount() const { return static_cast<int>(rows_.size()); }
  char At(int r, int c) const {
    if (r < 0 || r >= RowCount() || c < 0 || c >= static_cast<int>(rows_[r].size())) return ' ';
    return rows_[r][c];
  }
  static bool In(char c, const char* set) { return std::string(set).find(c) != std::string::npos; }
  LonLat Place(double c, double r) const { return TownPlace(c, r, RowCount(), options_); }

  void ReadRow(int r) {
    for (int c = 0, end = 0; c < static_cast<int>(rows_[r].size()); c = end + 1) {
      for (end = c; In(At(r, end), "-+="); ++end) {
      }
      if (end - c < 2) continue;
      const bool main = rows_[r].substr(c, end - c).find('=') != std::string::npos;
      input_.streets.push_back({"Row " + std::to_string(r) + " Street",
                                main ? geo::StreetClass::kArterial : geo::StreetClass::kResidential,
                                0,
                                {Place(c, r), Place(end - 1, r)},
                                {}});
    }
    for (int c = 0, end = 0; c < static_cast<int>(rows_[r].size()); c = end + 1) {
      for (end = c; In(At(r, end), "~#"); ++end) {
      }
      if (end == c) continue;
      const auto line = geo::LineToEwkb({Place(c - 0.5, r), Place(end - 0.5, r)});
      input_.barriers.push_back({geo::BarrierKind::kWater, line.value()});
    }
  }

  void ReadColumn(int c) {
    for (int r = 0, end = 0; r < RowCount(); r = end + 1) {
      for (end = r; In(At(end, c), "|+#="); ++end) {
      }
      if (end - r < 2) continue;
      input_.streets.push_back({"Column " + std::to_string(c) + " Avenue",
                                geo::StreetClass::kResidential,
                                0,
                                {Place(c, r), Place(c, end - 1)},
                                {}});
    }
  }

  std::string StreetBeside(int r, int c) const {
    for (const int step : {-1, 1}) {
      if (In(At(r + step, c), "-+=")) return "Row " + std::to_string(r + step) + " St";
    }
    for (const int step : {-1, 1}) {
      if (In(At(r, c + step), "|+#")) return "COLUMN " + std::to_string(c + step) + " AVE";
    }
    return {};
  }

  void ReadDoor(int r, int c) {
    const char mark = At(r, c);
    const int units = mark == 'o' || mark == 'O' ? 1 : mark >= '2' && mark <= '9' ? mark - '0' : 0;
    const auto point = static_cast<int64_t>(input_.doors.size()) + 1;
    for (int unit = 0; unit < units; ++unit) {
      geo::CutDoor& door = input_.doors.emplace_back();
      door.id = base::DoorId(static_cast<int64_t>(input_.doors.size()));
      door.address_point = base::AddressPointId(point);
      door.position = Place(c, r);
      door.house_number = std::to_string(100 + 2 * c + r % 2);
      door.street = mark == 'O' ? "Nowhere Lane" : StreetBeside(r, c);
      if (units > 1) door.unit = "Apt " + std::to_string(unit + 1);
    }
  }

  const std::vector<std::string>& rows_;
  const AsciiTownOptions& options_;
  CutInput input_;
};

}  // namespace

LonLat TownPlace(double column, double row, int row_count, const AsciiTownOptions& options) {
  const double east = kDegree_m * std::cos(options.origin.lat * 3.14159265358979 / 180);
  return {geo::WrapLon(options.origin.lon + column * options.grid_m / east),
          options.origin.lat + (row_count - 1 - row) * options.grid_m / kDegree_m};
}

CutInput DrawTown(const std::vector<std::string>& rows, const AsciiTownOptions& options) {
  return Drawing(rows, options).Read();
}

CutInput SeededTown(int side, uint64_t seed, const AsciiTownOptions& options) {
  constexpr int kBlock = 10;  // cells
  std::mt19937_64 random(seed);
  CutInput input;
  const int size = side * kBlock + 1;
  const auto place = [&](double x, double y) { return TownPlace(x, y, size, options); };
  for (int i = 0; i <= side; ++i) {
    const double at = i * kBlock;
    input.streets.push_back({"Row " + std::to_string(i) + " Street",
                             geo::StreetClass::kResidential,
                             0,
                             {place(0, at), place(size - 1, at)},
                             {}});
    input.streets.push_back({"Column " + std::to_string(i) + " Avenue",
                             geo::StreetClass::kResidential,
                             0,
                             {place(at, 0), place(at, size - 1)},
                             {}});
    for (int house = 0; house < side * 16; ++house) {
      const double along = static_cast<double>(random() % (static_cast<uint64_t>(size) * 100)) / 100;
      const double off = house % 2 == 0 ? 0.9 : -0.9;
      const uint64_t units = random() % 10 == 0 ? 1 + random() % 12 : 1;
      const auto point = static_cast<int64_t>(input.doors.size()) + 1;
      for (uint64_t unit = 0; unit < units; ++unit) {
        geo::CutDoor& door = input.doors.emplace_back();
        door.id = base::DoorId(static_cast<int64_t>(input.doors.size()));
        door.address_point = base::AddressPointId(point);
        const bool row = house % 4 < 2;
        door.position = row ? place(along, at + off) : place(at + off, along);
        door.street = (row ? "Row " : "Column ") + std::to_string(i) + (row ? " St" : " Ave");
        door.house_number = std::to_string(house);
        if (units > 1) door.unit = std::to_string(unit + 1);
      }
    }
  }
  return input;
}

}  // namespace snowfield::testing
