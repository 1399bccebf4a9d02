// Geometry: a GEOS geometry, owned. The only room that includes geos_c.h.
//
// Coordinates are plane numbers (XY); what they mean (degrees, metres) is the caller's. SRID is carried from and to
// EWKB. GEOS's errors become statuses: INVALID_ARGUMENT for bytes that do not parse, INTERNAL otherwise; no exception
// or GEOS notice gets out.
// Thread safety: a Geometry may be used by one thread at a time and may move between threads; each thread has its own
// GEOS context. An AreaIndex belongs to the thread that made it (GEOS 3.11 prepared geometries are not safe to share
// until warmed; see architecture notes).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "geo/frame/frame.h"

struct GEOSGeom_t;

namespace snowfield::geo {

inline constexpr int kSridWgs84 = 4326;
// Bytes of one EWKB geometry; larger input is refused before it is parsed.
inline constexpr size_t kEwkbBytesMax = 64 * 1024 * 1024;
// Points of one geometry, its rings and parts counted in; and levels of collections within collections.
inline constexpr size_t kGeometryPointsMax = 1'000'000;
inline constexpr int kGeometryDepthMax = 8;

struct XY {
  double x = 0;
  double y = 0;
  friend bool operator==(const XY&, const XY&) = default;
};
using Ring = std::vector<XY>;  // closed: first == last

struct PolygonRings {
  Ring shell;
  std::vector<Ring> holes;
};

struct Box {
  double min_x, min_y, max_x, max_y;
};

enum class GeometryKind { kPoint, kLine, kPolygon, kMultiPoint, kMultiLine, kMultiPolygon, kCollection };

// Where and why a geometry is not valid (OGC simple features).
struct Invalidity {
  std::string reason;  // GEOS's words, e.g. "Self-intersection"
  XY place;
};

class Geometry {
 public:
  Geometry() = default;
  Geometry(Geometry&&) noexcept = default;
  Geometry& operator=(Geometry&&) noexcept = default;

  // WKB or EWKB of either byte order; Z and M are left out of what is read later. INVALID_ARGUMENT GEOMETRY_UNREADABLE
  // or GEOMETRY_TOO_LARGE (see the limits above; refused before it is parsed), naming `field`.
  static absl::StatusOr<Geometry> FromEwkb(std::string_view bytes, std::string_view field);
  // At least two points.
  static absl::StatusOr<Geometry> FromLine(const std::vector<XY>& points);
  static absl::StatusOr<Geometry> FromLines(const std::vector<std::vector<XY>>& lines);
  static absl::StatusOr<Geometry> FromPoint(const XY& point);
  // One polygon gives a Polygon, several (or none) a MultiPolygon. Not checked for validity.
  static absl::StatusOr<Geometry> FromPolygons(const std::vector<PolygonRings>& polygons);

  bool empty() const;
  GeometryKind kind() const;
  int srid() const;
  void set_srid(int srid);
  // Little-endian EWKB with the SRID where it is not 0.
  absl::StatusOr<std::string> ToEwkb() const;
  Geometry Clone() const;

  // All lines of a (multi)line, or the rings of a (multi)polygon, or each point as a line of one, in order.
  std::vector<std::vector<XY>> Lines() const;
  // The polygons of a (multi)polygon or collection; others give none.
  std::vector<PolygonRings> Polygons() const;
  Box Bounds() const;

  // The first invalidity found, or nothing.
  absl::StatusOr<std::vector<Invalidity>> FindInvalidity() const;
  absl::StatusOr<Geometry> MakeValid() const;
  absl::StatusOr<bool> Intersects(const Geometry& other) const;
  absl::StatusOr<bool> Contains(const Geometry& other) const;
  absl::StatusOr<Geometry> Union(const Geometry& other) const;
  absl::StatusOr<Geometry> UnaryUnion() const;
  absl::StatusOr<Geometry> Intersection(const Geometry& other) const;
  absl::StatusOr<Geometry> Difference(const Geometry& other) const;
  // Distance in the geometry's own units.
  absl::StatusOr<Geometry> Buffer(double distance, int quadrant_segments = 8) const;
  // Topology-preserving Douglas-Peucker; tolerance in the geometry's own units.
  absl::StatusOr<Geometry> Simplify(double tolerance) const;
  absl::StatusOr<Geometry> ConvexHull() const;
  // Lines split at every crossing (noding), each piece once.
  absl::StatusOr<Geometry> Node() const;
  // Polygons that the (noded) lines enclose.
  absl::StatusOr<Geometry> Polygonize() const;
  absl::StatusOr<XY> PointOnSurface() const;
  absl::StatusOr<double> Area() const;
  absl::StatusOr<double> Length() const;

  const GEOSGeom_t* raw() const { return geometry_.get(); }

 private:
  struct Deleter {
    void operator()(GEOSGeom_t* geometry) const;
  };
  explicit Geometry(GEOSGeom_t* geometry) : geometry_(geometry) {}
  static absl::StatusOr<Geometry> Take(GEOSGeom_t* geometry);
  std::unique_ptr<GEOSGeom_t, Deleter> geometry_;
};

// Fast point-in-polygon over many polygons: an STRtree of boxes and one prepared geometry each.
// Thread safety: make one per thread.
class AreaIndex {
 public:
  // `areas` must outlive the index.
  static absl::StatusOr<AreaIndex> Over(const std::vector<Geometry>& areas);
  AreaIndex(AreaIndex&&) noexcept;
  AreaIndex& operator=(AreaIndex&&) noexcept;
  ~AreaIndex();

  // The lowest index of an area that covers the point (its edge included), or -1.
  int Find(const XY& point) const;
  // All of them, ascending.
  std::vector<int> FindAll(const XY& point) const;

 private:
  struct Inside;
  explicit AreaIndex(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

// Boxes by window query: STRtree. Thread safety: queries are const but GEOS builds the tree on the first one; make one
// per thread.
class BoxIndex {
 public:
  explicit BoxIndex(const std::vector<Box>& boxes);
  BoxIndex(BoxIndex&&) noexcept;
  BoxIndex& operator=(BoxIndex&&) noexcept;
  ~BoxIndex();
  // Indices of the boxes that meet the window, ascending.
  std::vector<int> Query(const Box& window) const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

// Well-known helpers for the project's one outer form: EWKB in degrees.
absl::StatusOr<std::string> LineToEwkb(const std::vector<LonLat>& line);
absl::StatusOr<std::string> PointToEwkb(const LonLat& point);
// Every point of every line of the geometry, checked to be in range. INVALID_ARGUMENT naming `field`.
absl::StatusOr<std::vector<std::vector<LonLat>>> EwkbToLines(std::string_view bytes, std::string_view field);

}  // namespace snowfield::geo
