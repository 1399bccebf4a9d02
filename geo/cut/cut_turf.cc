#include "geo/cut/cut_turf.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "base/status.h"
#include "geo/cut/atoms.h"
#include "geo/cut/bisect.h"
#include "geo/cut/ground.h"
#include "geo/cut/refine.h"
#include "geo/cut/repair.h"
#include "geo/cut/report.h"

namespace snowfield::geo {
namespace {

// Where in the whole cut each stage begins, as measured on Washington DC.
double StageBegin(CutStage stage) {
  switch (stage) {
    case CutStage::kCheck:
      return 0;
    case CutStage::kNetwork:
      return 0.01;
    case CutStage::kMatch:
      return 0.05;
    case CutStage::kAtoms:
      return 0.1;
    case CutStage::kCut:
      return 0.12;
    case CutStage::kRefine:
      return 0.2;
    case CutStage::kOrder:
      return 0.8;
    case CutStage::kShape:
      return 0.95;
    case CutStage::kDone:
      return 1;
  }
  return 1;
}

absl::Status OutOfRange(const char* field, const char* reason, int low, int high) {
  return base::InvalidField(
      field, reason, std::string(field) + " must be in [" + std::to_string(low) + ", " + std::to_string(high) + "]");
}

// Large cuts get fewer passes: each pass costs about as much as ordering the walks a few times.
int PassesFor(size_t doors) { return doors <= 150'000 ? 3 : doors <= 500'000 ? 2 : 1; }

class Cutter {
 public:
  Cutter(const CutInput& input, const CutOptions& options, const CutControl& control)
      : input_(input), options_(options), control_(control) {}

  absl::StatusOr<CutResult> Run() {
    Tell(CutStage::kCheck, 0);
    SNOWFIELD_ASSIGN_OR_RETURN(const DoorBounds bounds, ResolveBounds(options_));
    if (options_.threads < 1 || options_.threads > kCutThreadsMax) {
      return OutOfRange("threads", "THREADS_OUT_OF_RANGE", 1, kCutThreadsMax);
    }
    SNOWFIELD_RETURN_IF_ERROR(CheckDoors(input_));
    SNOWFIELD_ASSIGN_OR_RETURN(const Ground ground, MakeGround());
    SNOWFIELD_RETURN_IF_ERROR(Enter(CutStage::kAtoms));
    const AtomGraph graph = BuildAtoms(ground, bounds);
    SNOWFIELD_RETURN_IF_ERROR(Enter(CutStage::kCut));
    const auto stopped = [this] { return Stopped(); };
    std::vector<std::vector<int>> groups = SplitCells(graph, bounds, options_.target_doors, stopped);
    Repair(graph, bounds, options_.target_doors, stopped, &groups);
    SNOWFIELD_RETURN_IF_ERROR(Enter(CutStage::kRefine));
    Refine(ground, graph, bounds,
           {PassesFor(input_.doors.size()), options_.threads, options_.seed, stopped,
            [this](double fraction) { Tell(CutStage::kRefine, fraction); }},
           &groups);
    Repair(graph, bounds, options_.target_doors, stopped, &groups);
    SNOWFIELD_RETURN_IF_ERROR(Enter(CutStage::kOrder));
    SNOWFIELD_ASSIGN_OR_RETURN(
        CutResult result, ReportCut(input_, options_, bounds, ground, graph, groups,
                                    {stopped, [this](CutStage stage, double fraction) { Tell(stage, fraction); }}));
    Tell(CutStage::kDone, 1);
    return result;
  }

 private:
  bool Stopped() const { return control_.cancelled && control_.cancelled(); }

  void Tell(CutStage stage, double fraction) {
    if (!control_.progress) return;
    const double begin = StageBegin(stage);
    const double end = stage == CutStage::kDone ? 1 : StageBegin(static_cast<CutStage>(static_cast<int>(stage) + 1));
    const double doors = stage < CutStage::kOrder ? 0 : stage > CutStage::kOrder ? 1 : fraction;
    control_.progress(stage, begin + fraction * (end - begin),
                      static_cast<int>(doors * static_cast<double>(input_.doors.size())));
  }

  absl::Status Enter(CutStage stage) {
    if (Stopped()) return absl::CancelledError("the cut was cancelled");
    Tell(stage, 0);
    return absl::OkStatus();
  }

  absl::StatusOr<Ground> MakeGround() {
    std::vector<LonLat> places;
    places.reserve(input_.doors.size());
    for (const CutDoor& door : input_.doors) places.push_back(door.position);
    SNOWFIELD_ASSIGN_OR_RETURN(const Frame frame, Frame::AboutAll(places, "doors"));
    SNOWFIELD_RETURN_IF_ERROR(Enter(CutStage::kNetwork));
    SNOWFIELD_ASSIGN_OR_RETURN(StreetNetwork network, BuildNetwork(input_, frame));
    SNOWFIELD_RETURN_IF_ERROR(Enter(CutStage::kMatch));
    SNOWFIELD_ASSIGN_OR_RETURN(std::vector<GroundStop> stops,
                               PlaceStops(input_, frame, network, options_.threads, [this] { return Stopped(); }));
    return Ground{frame, std::move(network), std::move(stops)};
  }

  const CutInput& input_;
  const CutOptions& options_;
  const CutControl& control_;
};

}  // namespace

std::string_view CutStageName(CutStage stage) {
  switch (stage) {
    case CutStage::kCheck:
      return "CHECK";
    case CutStage::kNetwork:
      return "NETWORK";
    case CutStage::kMatch:
      return "MATCH";
    case CutStage::kAtoms:
      return "ATOMS";
    case CutStage::kCut:
      return "CUT";
    case CutStage::kRefine:
      return "REFINE";
    case CutStage::kOrder:
      return "ORDER";
    case CutStage::kShape:
      return "SHAPE";
    case CutStage::kDone:
      return "DONE";
  }
  return "DONE";
}

std::string_view CutReasonName(CutReason reason) {
  switch (reason) {
    case CutReason::kNone:
      return "NONE";
    case CutReason::kCutOffPiece:
      return "CUT_OFF_PIECE";
    case CutReason::kBoundaryPiece:
      return "BOUNDARY_PIECE";
    case CutReason::kUneven:
      return "UNEVEN";
    case CutReason::kInPieces:
      return "IN_PIECES";
    case CutReason::kBarrierLeg:
      return "BARRIER_LEG";
    case CutReason::kOutsideBoundaries:
      return "OUTSIDE_BOUNDARIES";
    case CutReason::kStreetNotMatched:
      return "STREET_NOT_MATCHED";
    case CutReason::kFarFromStreet:
      return "FAR_FROM_STREET";
    case CutReason::kNoStreet:
      return "NO_STREET";
  }
  return "NONE";
}

absl::StatusOr<DoorBounds> ResolveBounds(const CutOptions& options) {
  const int target = options.target_doors;
  if (target < 1 || target > kTargetDoorsMax) {
    return OutOfRange("target_doors", "TARGET_OUT_OF_RANGE", 1, kTargetDoorsMax);
  }
  // Ten per cent in whole numbers: rounding errors of 0.9 * target must not move a bound.
  DoorBounds bounds{(9 * target + 9) / 10, 11 * target / 10};
  if (bounds.max_doors == target) bounds.max_doors = target + 1;
  if (bounds.min_doors == target) bounds.min_doors = std::max(1, target - 1);
  constexpr int kMost = 2 * kTargetDoorsMax;
  if (options.min_doors < 0 || options.min_doors > kMost) {
    return OutOfRange("min_doors", "BOUNDS_OUT_OF_RANGE", 0, kMost);
  }
  if (options.max_doors < 0 || options.max_doors > kMost) {
    return OutOfRange("max_doors", "BOUNDS_OUT_OF_RANGE", 0, kMost);
  }
  if (options.min_doors > 0) bounds.min_doors = options.min_doors;
  if (options.max_doors > 0) bounds.max_doors = options.max_doors;
  if (bounds.min_doors > bounds.max_doors) {
    return base::InvalidField("min_doors", "MIN_ABOVE_MAX", "min_doors must not be above max_doors");
  }
  if (target < bounds.min_doors || target > bounds.max_doors) {
    return base::InvalidField("target_doors", "TARGET_OUT_OF_RANGE", "target_doors must lie in [min_doors, max_doors]");
  }
  return bounds;
}

absl::StatusOr<CutResult> CutTurf(const CutInput& input, const CutOptions& options, const CutControl& control) {
  return Cutter(input, options, control).Run();
}

double MovedDoorShare(const std::vector<std::vector<base::DoorId>>& before,
                      const std::vector<std::vector<base::DoorId>>& after) {
  absl::flat_hash_map<base::DoorId, int> turf_after;
  for (int turf = 0; turf < static_cast<int>(after.size()); ++turf) {
    for (const base::DoorId door : after[turf]) turf_after[door] = turf;
  }
  int64_t common = 0, stayed = 0;
  for (const std::vector<base::DoorId>& turf : before) {
    absl::flat_hash_map<int, int> now;
    int most = 0;
    for (const base::DoorId door : turf) {
      const auto at = turf_after.find(door);
      if (at == turf_after.end()) continue;
      ++common;
      most = std::max(most, ++now[at->second]);
    }
    stayed += most;
  }
  return common == 0 ? 0 : 1 - static_cast<double>(stayed) / static_cast<double>(common);
}

}  // namespace snowfield::geo
