// The fuzz target without a fuzzer: its corpus, and some thousand geometries spoilt at random. Seeds are printed.
#include <gtest/gtest.h>

#include <bit>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <random>

#include "geo/geos/geometry.h"
#include "tests/fuzz/polygon_fuzz.h"

namespace snowfield::fuzz {
namespace {

using geo::Geometry;
using geo::PolygonRings;
using geo::Ring;
using geo::XY;

class Spoiler {
 public:
  explicit Spoiler(uint64_t seed) : random_(seed) {}

  std::string Next() {
    std::string bytes = Whole();
    for (uint64_t i = Below(4); i > 0; --i) Spoil(&bytes);
    return bytes;
  }

 private:
  uint64_t Below(uint64_t bound) { return random_() % bound; }

  XY Place() {
    // About the doors, on a coarse grid, so that lines touch and cross.
    return {11 + 1e-4 * static_cast<double>(Below(21)) - 5e-4, 49.5 + 1e-4 * static_cast<double>(Below(21)) - 1e-3};
  }

  Ring Star() {
    Ring ring;
    const uint64_t count = 3 + Below(6);
    for (uint64_t i = 0; i < count; ++i) ring.push_back(Place());
    ring.push_back(ring.front());
    return ring;
  }

  std::string Whole() {
    std::vector<PolygonRings> polygons(1 + Below(2));
    for (PolygonRings& polygon : polygons) {
      const XY low = Place();
      const double size = 1e-4 * static_cast<double>(1 + Below(12));
      polygon.shell = Below(2) == 0
                          ? Star()
                          : Ring{low, {low.x + size, low.y}, {low.x + size, low.y + size}, {low.x, low.y + size}, low};
      if (Below(3) == 0) polygon.holes.push_back(Star());
    }
    Geometry geometry =
        Below(4) == 0 ? Geometry::FromLines({Star(), Star()}).value() : Geometry::FromPolygons(polygons).value();
    if (Below(2) == 0) geometry.set_srid(geo::kSridWgs84);
    return geometry.ToEwkb().value();
  }

  void Spoil(std::string* bytes) {
    if (bytes->empty()) return;
    const size_t at = Below(bytes->size());
    switch (Below(6)) {
      case 0:
        (*bytes)[at] = static_cast<char>(Below(256));
        return;
      case 1:
        bytes->resize(at);
        return;
      case 2:
        bytes->insert(at, Whole());
        return;
      case 3:
        Overwrite(bytes, at, static_cast<uint32_t>(Below(2) == 0 ? Below(12) : random_()));
        return;
      case 4: {
        constexpr double kOdd[] = {std::numeric_limits<double>::quiet_NaN(),
                                   std::numeric_limits<double>::infinity(),
                                   -1e308,
                                   1e-308,
                                   180,
                                   -180,
                                   90,
                                   361};
        // At a coordinate, as a polygon without SRID has them.
        Overwrite(bytes, at < 13 ? at : 13 + (at - 13) / 8 * 8, std::bit_cast<uint64_t>(kOdd[Below(std::size(kOdd))]));
        return;
      }
      default: {
        // One in a collection of one.
        const uint32_t head[] = {static_cast<uint32_t>(4 + Below(4)), 1};
        *bytes = std::string(1, '\1') + std::string(reinterpret_cast<const char*>(head), sizeof(head)) + *bytes;
      }
    }
  }

  template <typename Value>
  static void Overwrite(std::string* bytes, size_t at, Value value) {
    if (at + sizeof(value) <= bytes->size()) std::memcpy(bytes->data() + at, &value, sizeof(value));
  }

  std::mt19937_64 random_;
};

TEST(PolygonFuzz, HoldsOnItsCorpus) {
  int files = 0;
  const std::filesystem::path folder = std::filesystem::path(SNOWFIELD_SOURCE_DIR) / "tests/fuzz/corpus";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    SCOPED_TRACE(entry.path().filename().string());
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    TryPolygon(bytes);
    ++files;
  }
  EXPECT_GE(files, 10);
}

TEST(PolygonFuzz, HoldsOnSpoiltGeometries) {
  for (uint64_t seed = 1; seed <= 2'000; ++seed) {
    const std::string bytes = Spoiler(seed).Next();
    // An abort leaves no trace of a test's own: say before which seed it was.
    if (seed % 500 == 1) std::printf("seeds from %llu\n", static_cast<unsigned long long>(seed));
    TryPolygon(bytes);
  }
}

TEST(PolygonFuzz, RefusesWhatIsTooDeepOrTooLarge) {
  // Collections in collections: 9 bytes a level, a million levels.
  const uint32_t head[] = {7, 1};
  const std::string level = std::string(1, '\1') + std::string(reinterpret_cast<const char*>(head), sizeof(head));
  std::string deep;
  for (int i = 0; i < 1'000'000; ++i) deep += level;
  TryPolygon(deep);
  EXPECT_FALSE(Geometry::FromEwkb(deep, "area").ok());
  // A line that says it has four billion points.
  const uint32_t line[] = {2, 0xffffffff};
  TryPolygon(std::string(1, '\1') + std::string(reinterpret_cast<const char*>(line), sizeof(line)));
}

}  // namespace
}  // namespace snowfield::fuzz
