#include "services/rpc/geometry.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace snowfield::rpc {
namespace {
using geometry::v1::Geometry;
using geometry::v1::Line;
using geometry::v1::MultiPolygon;
using geometry::v1::Point;
using geometry::v1::Polygon;

static_assert(std::endian::native == std::endian::little, "EWKB is written in the order of the machine");

constexpr uint32_t kPoint = 1;
constexpr uint32_t kLineString = 2;
constexpr uint32_t kPolygon = 3;
constexpr uint32_t kMultiPolygon = 6;
constexpr uint32_t kHasSrid = 0x20000000;
constexpr uint32_t kSrid = 4326;
constexpr char kLittleEndian = 1;

absl::Status CheckCoordinate(double value, double limit, std::string_view field) {
  if (!std::isfinite(value)) {
    return base::InvalidField(field, "COORDINATE_NOT_FINITE", "a coordinate is not a number: send degrees");
  }
  if (std::abs(value) > limit) {
    return base::InvalidField(
        field, "COORDINATE_OUT_OF_RANGE",
        "a coordinate is off the globe: send degrees, longitude -180 to 180 before latitude -90 to "
        "90 (are they swapped, or in metres?)");
  }
  return absl::OkStatus();
}

absl::Status CheckLine(const Line& line, int points_min, std::string_view field) {
  const int count = line.coordinates_size() / 2;
  if (line.coordinates_size() % 2 != 0 || count < points_min) {
    return base::InvalidField(field, "LINE_TOO_SHORT",
                              absl::StrCat("send pairs of longitude and latitude, at least ", points_min, " points"));
  }
  if (count > kLinePointsMax) {
    return base::InvalidField(field, "GEOMETRY_TOO_LARGE",
                              absl::StrCat("at most ", kLinePointsMax, " points in a line"));
  }
  for (int i = 0; i < count; ++i) {
    SNOWFIELD_RETURN_IF_ERROR(CheckCoordinate(line.coordinates(2 * i), 180, field));
    SNOWFIELD_RETURN_IF_ERROR(CheckCoordinate(line.coordinates(2 * i + 1), 90, field));
  }
  return absl::OkStatus();
}

absl::Status CheckRing(const Line& ring, std::string_view field) {
  SNOWFIELD_RETURN_IF_ERROR(CheckLine(ring, 4, field));
  const int last = ring.coordinates_size() - 2;
  if (ring.coordinates(0) != ring.coordinates(last) || ring.coordinates(1) != ring.coordinates(last + 1)) {
    return base::InvalidField(field, "RING_NOT_CLOSED", "a ring must end at the point where it starts");
  }
  return absl::OkStatus();
}

class Writer {
 public:
  void Head(uint32_t type, bool with_srid) {
    bytes_.push_back(kLittleEndian);
    Number<uint32_t>(with_srid ? type | kHasSrid : type);
    if (with_srid) Number<uint32_t>(kSrid);
  }
  template <typename T>
  void Number(T value) {
    char raw[sizeof(T)];
    std::memcpy(raw, &value, sizeof(T));
    bytes_.append(raw, sizeof(T));
  }
  void Points(const Line& line) {
    Number<uint32_t>(static_cast<uint32_t>(line.coordinates_size() / 2));
    for (const double value : line.coordinates()) Number(value);
  }
  std::string Take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  // The geometry's type, its head read; 0 where the bytes are no little-endian 2D geometry.
  uint32_t Head() {
    if (Number<uint8_t>() != kLittleEndian) failed_ = true;
    uint32_t type = Number<uint32_t>();
    if ((type & kHasSrid) != 0) {
      Number<uint32_t>();
      type &= ~kHasSrid;
    }
    return failed_ ? 0 : type;
  }
  template <typename T>
  T Number() {
    T value{};
    if (bytes_.size() < sizeof(T)) {
      failed_ = true;
      return value;
    }
    std::memcpy(&value, bytes_.data(), sizeof(T));
    bytes_.remove_prefix(sizeof(T));
    return value;
  }
  void Points(Line& line) {
    const auto count = Number<uint32_t>();
    if (bytes_.size() / 16 < count) failed_ = true;
    for (uint32_t i = 0; i < count && !failed_; ++i) {
      line.add_coordinates(Number<double>());
      line.add_coordinates(Number<double>());
    }
  }
  void Rings(Polygon& polygon) {
    const auto count = Number<uint32_t>();
    for (uint32_t i = 0; i < count && !failed_; ++i) Points(*polygon.add_rings());
  }
  bool failed() const { return failed_; }

 private:
  std::string_view bytes_;
  bool failed_ = false;
};

absl::Status Unreadable() { return absl::InternalError("stored geometry is not of the type it should be"); }
}  // namespace

absl::Status CheckPoint(const Point& point, std::string_view field) {
  SNOWFIELD_RETURN_IF_ERROR(CheckCoordinate(point.longitude(), 180, field));
  return CheckCoordinate(point.latitude(), 90, field);
}

absl::StatusOr<std::string> ToEwkb(const Point& point, std::string_view field) {
  SNOWFIELD_RETURN_IF_ERROR(CheckPoint(point, field));
  Writer writer;
  writer.Head(kPoint, true);
  writer.Number(point.longitude());
  writer.Number(point.latitude());
  return writer.Take();
}

absl::StatusOr<std::string> ToEwkb(const Line& line, std::string_view field) {
  SNOWFIELD_RETURN_IF_ERROR(CheckLine(line, 2, field));
  Writer writer;
  writer.Head(kLineString, true);
  writer.Points(line);
  return writer.Take();
}

absl::StatusOr<std::string> ToEwkb(const MultiPolygon& area, std::string_view field) {
  if (area.polygons_size() == 0) {
    return base::InvalidField(field, "GEOMETRY_MISSING", "send at least one polygon");
  }
  int rings = 0;
  Writer writer;
  writer.Head(kMultiPolygon, true);
  writer.Number<uint32_t>(static_cast<uint32_t>(area.polygons_size()));
  for (const Polygon& polygon : area.polygons()) {
    if (polygon.rings_size() == 0) return base::InvalidField(field, "GEOMETRY_MISSING", "a polygon has no ring");
    rings += polygon.rings_size();
    if (rings > kRingsMax) {
      return base::InvalidField(field, "GEOMETRY_TOO_LARGE", absl::StrCat("at most ", kRingsMax, " rings"));
    }
    writer.Head(kPolygon, false);
    writer.Number<uint32_t>(static_cast<uint32_t>(polygon.rings_size()));
    for (const Line& ring : polygon.rings()) {
      SNOWFIELD_RETURN_IF_ERROR(CheckRing(ring, field));
      writer.Points(ring);
    }
  }
  return writer.Take();
}

absl::StatusOr<std::string> ToEwkb(const Geometry& geometry, std::string_view field) {
  switch (geometry.kind_case()) {
    case Geometry::kPoint:
      return ToEwkb(geometry.point(), field);
    case Geometry::kLine:
      return ToEwkb(geometry.line(), field);
    case Geometry::kMultiPolygon:
      return ToEwkb(geometry.multi_polygon(), field);
    case Geometry::KIND_NOT_SET:
      break;
  }
  return base::InvalidField(field, "GEOMETRY_MISSING", "send a point, a line or polygons");
}

absl::StatusOr<Point> PointFromEwkb(std::string_view ewkb) {
  Reader reader(ewkb);
  Point point;
  if (reader.Head() != kPoint) return Unreadable();
  point.set_longitude(reader.Number<double>());
  point.set_latitude(reader.Number<double>());
  if (reader.failed()) return Unreadable();
  return point;
}

absl::StatusOr<Line> LineFromEwkb(std::string_view ewkb) {
  Reader reader(ewkb);
  Line line;
  if (reader.Head() != kLineString) return Unreadable();
  reader.Points(line);
  if (reader.failed()) return Unreadable();
  return line;
}

absl::StatusOr<MultiPolygon> MultiPolygonFromEwkb(std::string_view ewkb) {
  Reader reader(ewkb);
  MultiPolygon area;
  const uint32_t type = reader.Head();
  if (type == kPolygon) {
    reader.Rings(*area.add_polygons());
  } else if (type == kMultiPolygon) {
    const auto count = reader.Number<uint32_t>();
    for (uint32_t i = 0; i < count && !reader.failed(); ++i) {
      if (reader.Head() != kPolygon) return Unreadable();
      reader.Rings(*area.add_polygons());
    }
  } else {
    return Unreadable();
  }
  if (reader.failed()) return Unreadable();
  return area;
}

}  // namespace snowfield::rpc
