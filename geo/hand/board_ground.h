// BoardGround: the ground of one cut loaded for edits by hand: doors placed on the walk network, the graph of atoms,
// and the lines that polygons follow. It holds no turfs and never changes. Internal to geo/hand, but for its making.
//
// Doors are named by their place in the order of their ids.
// Thread safety: immutable once built; safe from several threads (the index of lines is behind a lock).
#pragma once

#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "geo/cut/atoms.h"
#include "geo/cut/cut_turf.h"
#include "geo/cut/ground.h"
#include "geo/geos/geometry.h"
#include "geo/hand/door_index.h"
#include "geo/shape/turf_shape.h"

namespace snowfield::geo {

class BoardGround {
 public:
  // The input and the options that the cut was made with, its doors all that are in its turfs or set aside. The same
  // errors as CutTurf.
  static absl::StatusOr<std::shared_ptr<const BoardGround>> Load(CutInput input, const CutOptions& options);

  int door_count() const { return static_cast<int>(ids_.size()); }
  base::DoorId id(int door) const { return ids_[door]; }
  // -1: no such door.
  int Find(base::DoorId id) const;
  const LonLat& position(int door) const { return positions_[door]; }
  int stop(int door) const { return stop_[door]; }
  int rank(int door) const { return rank_[door]; }  // among its stop's doors, in walking order
  int atom(int door) const { return atom_[door]; }

  const CutOptions& options() const { return options_; }
  const LoadRule& rule() const { return rule_; }
  const Ground& ground() const { return *ground_; }
  const AtomGraph& graph() const { return graph_; }
  const DoorIndex& index() const { return *index_; }
  base::BoundaryId boundary_id(int boundary) const { return boundary_ids_[boundary]; }
  // False where the doors of the atom's cell can't make whole turfs in bounds: then the map excuses one that is not.
  bool CellFits(int atom) const { return cell_fits_[graph_.cell[atom]]; }
  // The lines near: streets and barriers that meet the box (degrees, longitudes unwrapped about the frame's centre).
  std::vector<GuideLine> GuidesIn(const Box& window) const;

 private:
  BoardGround() = default;
  void PlaceDoors();
  absl::Status LoadGuides(const CutInput& input);

  CutOptions options_;
  LoadRule rule_;
  std::vector<base::DoorId> ids_;
  std::vector<LonLat> positions_;
  std::vector<int> stop_;
  std::vector<int> rank_;
  std::vector<int> atom_;
  std::unique_ptr<Ground> ground_;
  AtomGraph graph_;
  std::unique_ptr<DoorIndex> index_;
  std::vector<base::BoundaryId> boundary_ids_;
  std::vector<char> cell_fits_;
  std::vector<GuideLine> guides_;
  mutable absl::Mutex guide_mutex_;
  std::unique_ptr<BoxIndex> guide_index_ ABSL_GUARDED_BY(guide_mutex_);
};

}  // namespace snowfield::geo
