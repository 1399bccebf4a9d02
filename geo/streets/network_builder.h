// NetworkBuilder: makes a StreetNetwork out of polylines that need not be noded. Internal to geo/streets.
// Thread safety: used once, by one thread.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "geo/streets/street_network.h"

namespace snowfield::geo {

class NetworkBuilder {
 public:
  StreetNetwork Build(const std::vector<StreetLine>& streets, const std::vector<std::vector<PointM>>& barriers);

 private:
  // A piece of a street between two vertices; `keys` are all the names it bears, the first is the link's.
  struct Piece {
    int a = 0;
    int b = 0;
    StreetClass street_class = StreetClass::kResidential;
    std::vector<int> keys;
  };
  // A point to be put into segment `part` of a line.
  struct Split {
    int line = 0;
    int part = 0;
    double along = 0;
    PointM point;
  };

  void AddBarriers(const std::vector<StreetLine>& streets, const std::vector<std::vector<PointM>>& barriers);
  int KeyOf(const std::string& name);
  int VertexAt(const PointM& point);
  std::vector<Segment> WalkableSegments(const std::vector<StreetLine>& streets);
  void FindCrossings(const std::vector<StreetLine>& streets, const SegmentGrid& grid);
  void FindLooseEnds(const std::vector<StreetLine>& streets, const SegmentGrid& grid);
  void CutIntoPieces(const std::vector<StreetLine>& streets);
  void AddPiece(int a, int b, StreetClass street_class, int key);
  void JoinParts();
  std::vector<int> VertexParts(int* count) const;
  void MakeLinks();
  void FollowChain(int vertex, int piece, std::vector<char>* used);
  bool IsJunction(int vertex) const;
  void MakeCorners();
  void MakeEdges(const std::vector<std::vector<int>>& node_ends);
  void IndexSegments();

  StreetNetwork network_;
  std::vector<PointM> vertices_;
  absl::flat_hash_map<std::pair<int64_t, int64_t>, int> vertex_index_;
  std::vector<Split> splits_;
  std::vector<Piece> pieces_;
  absl::flat_hash_map<std::pair<int, int>, int> piece_index_;
  std::vector<std::vector<int>> vertex_pieces_;
  std::vector<std::vector<int>> link_pieces_;  // pieces of each link in order
  std::vector<int> vertex_node_;
};

}  // namespace snowfield::geo
