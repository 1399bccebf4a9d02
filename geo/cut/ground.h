// Ground: the checked input of a cut in metres: stops on the walk network, sorted so that the order of the input does
// not matter. Internal to geo/cut.
// Thread safety: immutable once built.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "geo/cut/cut_turf.h"
#include "geo/frame/frame.h"
#include "geo/streets/street_network.h"
#include "geo/walk/walk_order.h"

namespace snowfield::geo {

// One address point: its doors are knocked on together.
struct GroundStop {
  WalkStop walk;
  std::vector<int> doors;  // indices into CutInput.doors, top floor first
  int boundary = -1;       // index into CutInput.kept_boundaries; -1 in none
  int key = 0;             // stops of one street share it; for stops on no street
  int64_t house_number = 0;
  bool number_of_other_side = false;  // see street_sides.h
};

struct Ground {
  Frame frame;
  StreetNetwork network;
  std::vector<GroundStop> stops;  // by their lowest door id
  // Where previous turfs are kept (see keep_turfs.h), else empty: of each door of the input, its index in
  // CutInput.previous_turfs or -1; and of each previous turf that is to be let be, how many doors it had, else 0.
  std::vector<int> previous_turf = {};
  std::vector<int> previous_doors = {};
};

// What CutTurf refuses; see there.
absl::Status CheckDoors(const CutInput& input);

// `stopped` is polled; CANCELLED. Threads as in CutOptions.
absl::StatusOr<StreetNetwork> BuildNetwork(const CutInput& input, const Frame& frame);
absl::StatusOr<std::vector<GroundStop>> PlaceStops(const CutInput& input, const Frame& frame,
                                                   const StreetNetwork& network, int threads,
                                                   const std::function<bool()>& stopped);

}  // namespace snowfield::geo
