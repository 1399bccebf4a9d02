// StreetNetwork: the streets as a walker has them: links between junctions, two faces a link, corners between streets.
//
// A *link* is a piece of one street between two junctions (nodes where it ends or streets meet). It has two *faces*:
// face 2*link is its left side seen from its first node, face 2*link+1 the right. Around a node the streets sorted by
// angle leave gaps: each gap is a *corner*. Walkers go along faces from corner to corner and over streets from corner
// to corner (at a cost by class), so the network knows on which side of the street one is (CUTTING notes, 1). Lines
// that cross without a vertex are joined (TIGER); walkable streets are never joined to motorways or ramps, which are
// barriers, and pass them. Streets on different layers meet only at shared vertices. Plane metres in the frame it was
// built with. Thread safety: immutable once built.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "geo/frame/frame.h"
#include "geo/streets/segment_grid.h"
#include "geo/streets/street_class.h"

namespace snowfield::geo {

// A door further than this from its street is reported.
inline constexpr double kFarFromStreet_m = 150;
// A street of the door's own name is looked for out to here.
inline constexpr double kNamedStreetReach_m = 600;
// Any walkable street is looked for out to here; a door beyond is on no street.
inline constexpr double kAnyStreetReach_m = 1'500;
// Vertices nearer than this are one.
inline constexpr double kNodeSnap_m = 0.2;
// An end that stops this short of another street meets it.
inline constexpr double kEndSnap_m = 3;
// Parts of the network nearer than this to each other, with no barrier between, are joined: a gap in the data.
inline constexpr double kPartGapMax_m = 60;

struct StreetLine {
  std::string name;
  StreetClass street_class = StreetClass::kResidential;
  int layer = 0;
  std::vector<PointM> points;
};

struct Link {
  int from = 0;  // node
  int to = 0;
  int key = 0;  // index of street_keys(); 0 is "no name"
  StreetClass street_class = StreetClass::kResidential;
  int component = 0;
  double length_m = 0;
  std::vector<PointM> points;  // from `from` to `to`, at least two
};

struct CornerEdge {
  int to = 0;  // corner
  float length_m = 0;
  float crossing_cost_m = 0;  // on top of length_m
  int face = -1;              // the face walked along, or -1 for a crossing
};

enum class MatchKind { kByName, kByDistance, kNone };

// A place on the network: `offset_m` from the first node of the face's link.
struct NetworkPlace {
  int face = -1;  // -1: on no street
  double offset_m = 0;
  double distance_m = 0;  // from the point that was placed
  MatchKind match = MatchKind::kNone;
};

class StreetNetwork {
 public:
  // Barriers are polylines (a polygon's rings are); motorways and ramps among the streets are barriers too.
  static StreetNetwork Build(const std::vector<StreetLine>& streets, const std::vector<std::vector<PointM>>& barriers);

  int node_count() const { return static_cast<int>(nodes_.size()); }
  int face_count() const { return 2 * static_cast<int>(links_.size()); }
  int corner_count() const { return static_cast<int>(corner_node_.size()); }
  int component_count() const { return component_count_; }
  const std::vector<Link>& links() const { return links_; }
  const Link& LinkOfFace(int face) const { return links_[face / 2]; }
  const PointM& node(int node) const { return nodes_[node]; }
  int NodeOfCorner(int corner) const { return corner_node_[corner]; }
  // The corner where a face begins (end = 0, at the link's first node) or ends (1).
  int CornerOfFace(int face, int end) const { return face_corner_[2 * face + end]; }
  // Edges out of a corner, as a pair of pointers.
  const CornerEdge* EdgesBegin(int corner) const { return edges_.data() + edge_start_[corner]; }
  const CornerEdge* EdgesEnd(int corner) const { return edges_.data() + edge_start_[corner + 1]; }
  const std::vector<std::string>& street_keys() const { return keys_; }

  // By name first: the nearest link whose key is `street_key` within kNamedStreetReach_m; else the nearest link that
  // carries addresses. The side is the side of the point.
  NetworkPlace Place(const PointM& point, std::string_view street_key) const;
  // The point of the street's middle line at a place.
  PointM PointAt(int face, double offset_m) const;
  // Points of the middle line between two offsets of one link, in the order of walking.
  std::vector<PointM> PointsBetween(int link, double from_m, double to_m) const;
  // True where the straight line from a to b meets a barrier.
  bool BarrierBetween(const PointM& a, const PointM& b) const { return barriers_.Meets(a, b); }

 private:
  friend class NetworkBuilder;
  // Nearest segment out to reach_m whose link is accepted; segment -1 where there is none.
  struct Nearest {
    int segment = -1;
    Projection projection;
  };
  Nearest NearestOfKey(const PointM& point, int key) const;
  template <typename Accept>
  Nearest NearestWhere(const PointM& point, double reach_m, const Accept& accept) const;
  NetworkPlace PlaceOn(const Nearest& nearest, const PointM& point, MatchKind match) const;

  std::vector<PointM> nodes_;
  std::vector<Link> links_;
  int component_count_ = 0;
  std::vector<int> face_corner_;
  std::vector<int> corner_node_;
  std::vector<int> edge_start_;
  std::vector<CornerEdge> edges_;
  std::vector<std::string> keys_;
  absl::flat_hash_map<std::string, int> key_index_;
  SegmentGrid segments_;                        // owner: link, part: which of its pieces
  std::vector<std::vector<int>> key_segments_;  // by key: segments that bear the name, also as a second name
  SegmentGrid barriers_;
};

}  // namespace snowfield::geo
