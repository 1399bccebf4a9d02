#include "geo/geos/geometry.h"

#include <geos_c.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <utility>

#include "base/status.h"
#include "geo/geos/ewkb_limits.h"

namespace snowfield::geo {
namespace {

// One GEOS context a thread, with the text of its last error.
class ThreadContext {
 public:
  ThreadContext() : handle_(GEOS_init_r()) {
    GEOSContext_setErrorMessageHandler_r(handle_, &ThreadContext::OnError, this);
    GEOSContext_setNoticeMessageHandler_r(handle_, &ThreadContext::OnNotice, this);
  }
  ~ThreadContext() { GEOS_finish_r(handle_); }
  ThreadContext(const ThreadContext&) = delete;
  ThreadContext& operator=(const ThreadContext&) = delete;
  GEOSContextHandle_t handle() const { return handle_; }

  // GEOS's message may quote coordinates, so only its kind (up to the first colon) goes into a status.
  absl::Status TakeError() {
    const std::string kind = error_.substr(0, error_.find(':'));
    error_.clear();
    return absl::InternalError("geometry operation failed (" + (kind.empty() ? "no reason given" : kind) + ")");
  }

 private:
  static void OnError(const char* message, void* self) { static_cast<ThreadContext*>(self)->error_ = message; }
  static void OnNotice(const char*, void*) {}
  GEOSContextHandle_t handle_;
  std::string error_;
};

ThreadContext& Context() {
  thread_local ThreadContext context;
  return context;
}
GEOSContextHandle_t H() { return Context().handle(); }

GEOSCoordSequence* MakeSequence(const std::vector<XY>& points) {
  static_assert(sizeof(XY) == 2 * sizeof(double));
  return GEOSCoordSeq_copyFromBuffer_r(H(), &points.data()->x, static_cast<unsigned>(points.size()), 0, 0);
}

std::vector<XY> ReadSequence(const GEOSGeometry* geometry) {
  const GEOSCoordSequence* sequence = GEOSGeom_getCoordSeq_r(H(), geometry);
  unsigned size = 0;
  if (sequence == nullptr || !GEOSCoordSeq_getSize_r(H(), sequence, &size)) return {};
  std::vector<XY> points(size);
  if (size > 0) GEOSCoordSeq_copyToBuffer_r(H(), sequence, &points.data()->x, 0, 0);
  return points;
}

GEOSGeometry* MakePolygon(const PolygonRings& rings) {
  GEOSGeometry* shell = GEOSGeom_createLinearRing_r(H(), MakeSequence(rings.shell));
  if (shell == nullptr) return nullptr;
  std::vector<GEOSGeometry*> holes;
  for (const Ring& hole : rings.holes) {
    GEOSGeometry* ring = GEOSGeom_createLinearRing_r(H(), MakeSequence(hole));
    if (ring == nullptr) {
      for (GEOSGeometry* made : holes) GEOSGeom_destroy_r(H(), made);
      GEOSGeom_destroy_r(H(), shell);
      return nullptr;
    }
    holes.push_back(ring);
  }
  return GEOSGeom_createPolygon_r(H(), shell, holes.data(), static_cast<unsigned>(holes.size()));
}

void CollectLines(const GEOSGeometry* geometry, std::vector<std::vector<XY>>* lines) {
  switch (GEOSGeomTypeId_r(H(), geometry)) {
    case GEOS_POINT:
    case GEOS_LINESTRING:
    case GEOS_LINEARRING:
      lines->push_back(ReadSequence(geometry));
      return;
    case GEOS_POLYGON: {
      if (GEOSisEmpty_r(H(), geometry)) return;
      lines->push_back(ReadSequence(GEOSGetExteriorRing_r(H(), geometry)));
      const int holes = GEOSGetNumInteriorRings_r(H(), geometry);
      for (int i = 0; i < holes; ++i) lines->push_back(ReadSequence(GEOSGetInteriorRingN_r(H(), geometry, i)));
      return;
    }
    default: {
      const int parts = GEOSGetNumGeometries_r(H(), geometry);
      for (int i = 0; i < parts; ++i) CollectLines(GEOSGetGeometryN_r(H(), geometry, i), lines);
    }
  }
}

void CollectPolygons(const GEOSGeometry* geometry, std::vector<PolygonRings>* polygons) {
  const int type = GEOSGeomTypeId_r(H(), geometry);
  if (type == GEOS_POLYGON) {
    if (GEOSisEmpty_r(H(), geometry)) return;
    PolygonRings rings;
    rings.shell = ReadSequence(GEOSGetExteriorRing_r(H(), geometry));
    const int holes = GEOSGetNumInteriorRings_r(H(), geometry);
    for (int i = 0; i < holes; ++i) rings.holes.push_back(ReadSequence(GEOSGetInteriorRingN_r(H(), geometry, i)));
    polygons->push_back(std::move(rings));
  } else if (type == GEOS_MULTIPOLYGON || type == GEOS_GEOMETRYCOLLECTION) {
    const int parts = GEOSGetNumGeometries_r(H(), geometry);
    for (int i = 0; i < parts; ++i) CollectPolygons(GEOSGetGeometryN_r(H(), geometry, i), polygons);
  }
}

absl::StatusOr<bool> Answer(char answer) {
  if (answer == 2) return Context().TakeError();
  return answer == 1;
}

}  // namespace

void Geometry::Deleter::operator()(GEOSGeom_t* geometry) const { GEOSGeom_destroy_r(H(), geometry); }

absl::StatusOr<Geometry> Geometry::Take(GEOSGeom_t* geometry) {
  if (geometry == nullptr) return Context().TakeError();
  return Geometry(geometry);
}

absl::StatusOr<Geometry> Geometry::FromEwkb(std::string_view bytes, std::string_view field) {
  SNOWFIELD_RETURN_IF_ERROR(CheckEwkbLimits(bytes, field));
  GEOSWKBReader* reader = GEOSWKBReader_create_r(H());
  GEOSGeometry* geometry =
      GEOSWKBReader_read_r(H(), reader, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  GEOSWKBReader_destroy_r(H(), reader);
  if (geometry != nullptr) return Geometry(geometry);
  (void)Context().TakeError();
  return base::InvalidField(field, "GEOMETRY_UNREADABLE", "not EWKB (well-known binary): send the bytes unchanged");
}

absl::StatusOr<Geometry> Geometry::FromLine(const std::vector<XY>& points) {
  if (points.size() < 2) return absl::InvalidArgumentError("a line needs at least two points");
  return Take(GEOSGeom_createLineString_r(H(), MakeSequence(points)));
}

absl::StatusOr<Geometry> Geometry::FromLines(const std::vector<std::vector<XY>>& lines) {
  std::vector<GEOSGeometry*> parts;
  for (const std::vector<XY>& line : lines) {
    absl::StatusOr<Geometry> part = FromLine(line);
    if (!part.ok()) {
      for (GEOSGeometry* made : parts) GEOSGeom_destroy_r(H(), made);
      return part.status();
    }
    parts.push_back(part->geometry_.release());
  }
  return Take(
      GEOSGeom_createCollection_r(H(), GEOS_MULTILINESTRING, parts.data(), static_cast<unsigned>(parts.size())));
}

absl::StatusOr<Geometry> Geometry::FromPoint(const XY& point) {
  return Take(GEOSGeom_createPointFromXY_r(H(), point.x, point.y));
}

absl::StatusOr<Geometry> Geometry::FromPolygons(const std::vector<PolygonRings>& polygons) {
  std::vector<GEOSGeometry*> parts;
  for (const PolygonRings& rings : polygons) {
    GEOSGeometry* part = MakePolygon(rings);
    if (part == nullptr) {
      for (GEOSGeometry* made : parts) GEOSGeom_destroy_r(H(), made);
      return Context().TakeError();
    }
    parts.push_back(part);
  }
  if (parts.size() == 1) return Geometry(parts.front());
  return Take(GEOSGeom_createCollection_r(H(), GEOS_MULTIPOLYGON, parts.data(), static_cast<unsigned>(parts.size())));
}

bool Geometry::empty() const { return geometry_ == nullptr || GEOSisEmpty_r(H(), geometry_.get()) == 1; }

GeometryKind Geometry::kind() const {
  if (geometry_ == nullptr) return GeometryKind::kCollection;
  switch (GEOSGeomTypeId_r(H(), geometry_.get())) {
    case GEOS_POINT:
      return GeometryKind::kPoint;
    case GEOS_LINESTRING:
    case GEOS_LINEARRING:
      return GeometryKind::kLine;
    case GEOS_POLYGON:
      return GeometryKind::kPolygon;
    case GEOS_MULTIPOINT:
      return GeometryKind::kMultiPoint;
    case GEOS_MULTILINESTRING:
      return GeometryKind::kMultiLine;
    case GEOS_MULTIPOLYGON:
      return GeometryKind::kMultiPolygon;
    default:
      return GeometryKind::kCollection;
  }
}

int Geometry::srid() const { return geometry_ == nullptr ? 0 : GEOSGetSRID_r(H(), geometry_.get()); }
void Geometry::set_srid(int srid) {
  if (geometry_ != nullptr) GEOSSetSRID_r(H(), geometry_.get(), srid);
}

absl::StatusOr<std::string> Geometry::ToEwkb() const {
  if (geometry_ == nullptr) return absl::FailedPreconditionError("no geometry");
  GEOSWKBWriter* writer = GEOSWKBWriter_create_r(H());
  GEOSWKBWriter_setByteOrder_r(H(), writer, GEOS_WKB_NDR);
  GEOSWKBWriter_setFlavor_r(H(), writer, GEOS_WKB_EXTENDED);
  GEOSWKBWriter_setIncludeSRID_r(H(), writer, srid() != 0);
  size_t size = 0;
  unsigned char* bytes = GEOSWKBWriter_write_r(H(), writer, geometry_.get(), &size);
  GEOSWKBWriter_destroy_r(H(), writer);
  if (bytes == nullptr) return Context().TakeError();
  std::string result(reinterpret_cast<const char*>(bytes), size);
  GEOSFree_r(H(), bytes);
  return result;
}

Geometry Geometry::Clone() const {
  return geometry_ == nullptr ? Geometry() : Geometry(GEOSGeom_clone_r(H(), geometry_.get()));
}

std::vector<std::vector<XY>> Geometry::Lines() const {
  std::vector<std::vector<XY>> lines;
  if (geometry_ != nullptr) CollectLines(geometry_.get(), &lines);
  return lines;
}

std::vector<PolygonRings> Geometry::Polygons() const {
  std::vector<PolygonRings> polygons;
  if (geometry_ != nullptr) CollectPolygons(geometry_.get(), &polygons);
  return polygons;
}

Box Geometry::Bounds() const {
  Box box{0, 0, 0, 0};
  if (empty()) return box;
  GEOSGeom_getXMin_r(H(), geometry_.get(), &box.min_x);
  GEOSGeom_getYMin_r(H(), geometry_.get(), &box.min_y);
  GEOSGeom_getXMax_r(H(), geometry_.get(), &box.max_x);
  GEOSGeom_getYMax_r(H(), geometry_.get(), &box.max_y);
  return box;
}

absl::StatusOr<std::vector<Invalidity>> Geometry::FindInvalidity() const {
  char* reason = nullptr;
  GEOSGeometry* place = nullptr;
  const char valid = GEOSisValidDetail_r(H(), geometry_.get(), 0, &reason, &place);
  if (valid == 2) return Context().TakeError();
  if (valid == 1) return std::vector<Invalidity>();
  Invalidity found;
  if (reason != nullptr) found.reason = reason;
  GEOSFree_r(H(), reason);
  if (place != nullptr) {
    GEOSGeomGetX_r(H(), place, &found.place.x);
    GEOSGeomGetY_r(H(), place, &found.place.y);
    GEOSGeom_destroy_r(H(), place);
  }
  return std::vector<Invalidity>{found};
}

absl::StatusOr<Geometry> Geometry::MakeValid() const { return Take(GEOSMakeValid_r(H(), geometry_.get())); }
absl::StatusOr<bool> Geometry::Intersects(const Geometry& other) const {
  return Answer(GEOSIntersects_r(H(), geometry_.get(), other.geometry_.get()));
}
absl::StatusOr<bool> Geometry::Contains(const Geometry& other) const {
  return Answer(GEOSContains_r(H(), geometry_.get(), other.geometry_.get()));
}
absl::StatusOr<Geometry> Geometry::Union(const Geometry& other) const {
  return Take(GEOSUnion_r(H(), geometry_.get(), other.geometry_.get()));
}
absl::StatusOr<Geometry> Geometry::UnaryUnion() const { return Take(GEOSUnaryUnion_r(H(), geometry_.get())); }
absl::StatusOr<Geometry> Geometry::Intersection(const Geometry& other) const {
  return Take(GEOSIntersection_r(H(), geometry_.get(), other.geometry_.get()));
}
absl::StatusOr<Geometry> Geometry::Difference(const Geometry& other) const {
  return Take(GEOSDifference_r(H(), geometry_.get(), other.geometry_.get()));
}
absl::StatusOr<Geometry> Geometry::Buffer(double distance, int quadrant_segments) const {
  return Take(GEOSBuffer_r(H(), geometry_.get(), distance, quadrant_segments));
}
absl::StatusOr<Geometry> Geometry::Simplify(double tolerance) const {
  return Take(GEOSTopologyPreserveSimplify_r(H(), geometry_.get(), tolerance));
}
absl::StatusOr<Geometry> Geometry::ConvexHull() const { return Take(GEOSConvexHull_r(H(), geometry_.get())); }
absl::StatusOr<Geometry> Geometry::Node() const { return Take(GEOSNode_r(H(), geometry_.get())); }
absl::StatusOr<Geometry> Geometry::Polygonize() const {
  const GEOSGeometry* lines[] = {geometry_.get()};
  return Take(GEOSPolygonize_r(H(), lines, 1));
}

absl::StatusOr<XY> Geometry::PointOnSurface() const {
  SNOWFIELD_ASSIGN_OR_RETURN(const Geometry point, Take(GEOSPointOnSurface_r(H(), geometry_.get())));
  XY place;
  if (GEOSGeomGetX_r(H(), point.geometry_.get(), &place.x) != 1) return Context().TakeError();
  if (GEOSGeomGetY_r(H(), point.geometry_.get(), &place.y) != 1) return Context().TakeError();
  return place;
}

absl::StatusOr<double> Geometry::Area() const {
  double area = 0;
  if (GEOSArea_r(H(), geometry_.get(), &area) != 1) return Context().TakeError();
  return area;
}

absl::StatusOr<double> Geometry::Length() const {
  double length = 0;
  if (GEOSLength_r(H(), geometry_.get(), &length) != 1) return Context().TakeError();
  return length;
}

// --- BoxIndex -------------------------------------------------------------------------------------------------------

struct BoxIndex::Inside {
  struct TreeDeleter {
    void operator()(GEOSSTRtree* tree) const { GEOSSTRtree_destroy_r(H(), tree); }
  };
  std::unique_ptr<GEOSSTRtree, TreeDeleter> tree{GEOSSTRtree_create_r(H(), 10)};
};

namespace {

GEOSGeometry* BoxGeometry(const Box& box) {
  return GEOSGeom_createRectangle_r(H(), box.min_x, box.min_y, box.max_x, box.max_y);
}

// GEOS hands items through as pointers: an index plus one, so that none is null.
void* ItemOf(int index) { return reinterpret_cast<void*>(static_cast<intptr_t>(index) + 1); }
int IndexOf(void* item) { return static_cast<int>(reinterpret_cast<intptr_t>(item) - 1); }

}  // namespace

BoxIndex::BoxIndex(const std::vector<Box>& boxes) : inside_(std::make_unique<Inside>()) {
  for (size_t i = 0; i < boxes.size(); ++i) {
    // The tree keeps the envelope only.
    GEOSGeometry* box = BoxGeometry(boxes[i]);
    GEOSSTRtree_insert_r(H(), inside_->tree.get(), box, ItemOf(static_cast<int>(i)));
    GEOSGeom_destroy_r(H(), box);
  }
}
BoxIndex::BoxIndex(BoxIndex&&) noexcept = default;
BoxIndex& BoxIndex::operator=(BoxIndex&&) noexcept = default;
BoxIndex::~BoxIndex() = default;

std::vector<int> BoxIndex::Query(const Box& window) const {
  std::vector<int> found;
  GEOSGeometry* box = BoxGeometry(window);
  GEOSSTRtree_query_r(
      H(), inside_->tree.get(), box,
      [](void* item, void* result) { static_cast<std::vector<int>*>(result)->push_back(IndexOf(item)); }, &found);
  GEOSGeom_destroy_r(H(), box);
  std::sort(found.begin(), found.end());
  return found;
}

// --- AreaIndex ------------------------------------------------------------------------------------------------------

struct AreaIndex::Inside {
  struct PreparedDeleter {
    void operator()(const GEOSPreparedGeometry* prepared) const { GEOSPreparedGeom_destroy_r(H(), prepared); }
  };
  explicit Inside(const std::vector<Box>& all_boxes) : boxes(all_boxes) {}
  BoxIndex boxes;
  std::vector<std::unique_ptr<const GEOSPreparedGeometry, PreparedDeleter>> prepared;
};

absl::StatusOr<AreaIndex> AreaIndex::Over(const std::vector<Geometry>& areas) {
  std::vector<Box> boxes;
  boxes.reserve(areas.size());
  for (const Geometry& area : areas) boxes.push_back(area.Bounds());
  auto inside = std::make_unique<Inside>(boxes);
  for (const Geometry& area : areas) {
    const GEOSPreparedGeometry* prepared = GEOSPrepare_r(H(), area.raw());
    if (prepared == nullptr) return Context().TakeError();
    inside->prepared.emplace_back(prepared);
  }
  return AreaIndex(std::move(inside));
}

AreaIndex::AreaIndex(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
AreaIndex::AreaIndex(AreaIndex&&) noexcept = default;
AreaIndex& AreaIndex::operator=(AreaIndex&&) noexcept = default;
AreaIndex::~AreaIndex() = default;

std::vector<int> AreaIndex::FindAll(const XY& point) const {
  std::vector<int> found;
  const std::vector<int> near = inside_->boxes.Query({point.x, point.y, point.x, point.y});
  if (near.empty()) return found;
  GEOSGeometry* geometry = GEOSGeom_createPointFromXY_r(H(), point.x, point.y);
  for (const int index : near) {
    if (GEOSPreparedCovers_r(H(), inside_->prepared[index].get(), geometry) == 1) found.push_back(index);
  }
  GEOSGeom_destroy_r(H(), geometry);
  return found;
}

int AreaIndex::Find(const XY& point) const {
  const std::vector<int> found = FindAll(point);
  return found.empty() ? -1 : found.front();
}

// --- helpers --------------------------------------------------------------------------------------------------------

absl::StatusOr<std::string> LineToEwkb(const std::vector<LonLat>& line) {
  std::vector<XY> points;
  points.reserve(line.size());
  for (const LonLat& place : line) points.push_back({place.lon, place.lat});
  SNOWFIELD_ASSIGN_OR_RETURN(Geometry geometry, Geometry::FromLine(points));
  geometry.set_srid(kSridWgs84);
  return geometry.ToEwkb();
}

absl::StatusOr<std::string> PointToEwkb(const LonLat& point) {
  SNOWFIELD_ASSIGN_OR_RETURN(Geometry geometry, Geometry::FromPoint({point.lon, point.lat}));
  geometry.set_srid(kSridWgs84);
  return geometry.ToEwkb();
}

absl::StatusOr<std::vector<std::vector<LonLat>>> EwkbToLines(std::string_view bytes, std::string_view field) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Geometry geometry, Geometry::FromEwkb(bytes, field));
  std::vector<std::vector<LonLat>> lines;
  for (const std::vector<XY>& line : geometry.Lines()) {
    std::vector<LonLat>& places = lines.emplace_back();
    for (const XY& point : line) {
      places.push_back({point.x, point.y});
      SNOWFIELD_RETURN_IF_ERROR(ValidateLonLat(places.back(), field));
    }
  }
  return lines;
}

}  // namespace snowfield::geo
