#include "geo/cut/cut_turf.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "base/status.h"
#include "geo/cut/atoms.h"
#include "geo/cut/first_split.h"
#include "geo/cut/ground.h"
#include "geo/cut/improve.h"
#include "geo/cut/keep_turfs.h"
#include "geo/cut/load.h"
#include "geo/cut/near_table.h"
#include "geo/cut/place_parts.h"
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

class Cutter {
 public:
  Cutter(const CutInput& input, const CutOptions& options, const CutControl& control)
      : input_(input), options_(options), control_(control) {}

  absl::StatusOr<CutResult> Run() {
    Tell(CutStage::kCheck, 0);
    SNOWFIELD_ASSIGN_OR_RETURN(const LoadRule rule, ResolveLoad(options_));
    if (options_.threads < 1 || options_.threads > kCutThreadsMax) {
      return base::InvalidField("threads", "THREADS_OUT_OF_RANGE", "threads must be in [1, 64]");
    }
    SNOWFIELD_RETURN_IF_ERROR(CheckDoors(input_));
    SNOWFIELD_ASSIGN_OR_RETURN(const Ground ground, MakeGround());
    SNOWFIELD_RETURN_IF_ERROR(Enter(CutStage::kAtoms));
    const AtomGraph graph = BuildAtoms(ground, rule);
    SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<std::vector<int>> groups, Partition(ground, graph, rule));
    SNOWFIELD_RETURN_IF_ERROR(Enter(CutStage::kOrder));
    SNOWFIELD_ASSIGN_OR_RETURN(
        CutResult result, ReportCut(input_, options_, rule, ground, graph, groups,
                                    {stopped_, [this](CutStage stage, double fraction) { Tell(stage, fraction); }}));
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

  absl::StatusOr<std::vector<std::vector<int>>> Partition(const Ground& ground, const AtomGraph& graph,
                                                          const LoadRule& rule) {
    SNOWFIELD_RETURN_IF_ERROR(Enter(CutStage::kCut));
    const bool keep = options_.keep_previous && !input_.previous_turfs.empty();
    std::vector<std::vector<int>> groups = keep ? KeepTurfs(graph, rule, options_.seed, stopped_)
                                                : FirstSplit(graph, rule, CellsOf(graph), options_.seed, stopped_);
    SNOWFIELD_RETURN_IF_ERROR(Enter(CutStage::kRefine));
    const NearTable near = NearTable::Build(ground, graph, options_.threads, stopped_);
    ImproveOptions improve;
    improve.steps_per_atom = StepsPerAtom(graph.atoms.size());
    improve.threads = options_.threads;
    improve.seed = options_.seed;
    improve.stopped = stopped_;
    improve.progress = [this](double fraction) { Tell(CutStage::kRefine, fraction); };
    // A re-cut changes what it must, and no more.
    if (keep) {
      improve.keep = true;
      ShiftAtoms(graph, rule, &groups);
    } else {
      Improve(graph, near, rule, improve, &groups);
    }
    SearchAboutBad(graph, near, rule, improve, &groups);
    Repair(graph, rule, stopped_, &groups);
    // What was joined so that it is in one piece may be brought into bounds from there.
    SearchAboutBad(graph, near, rule, improve, &groups);
    return InOrderOfPlace(graph, std::move(groups));
  }

  // Turfs that follow each other in the list lie near each other.
  static std::vector<std::vector<int>> InOrderOfPlace(const AtomGraph& graph, std::vector<std::vector<int>> groups) {
    std::vector<PointM> centres;
    for (const std::vector<int>& group : groups) {
      PointM& centre = centres.emplace_back();
      for (const int atom : group) {
        centre.x += graph.atoms[atom].centre.x / static_cast<double>(group.size());
        centre.y += graph.atoms[atom].centre.y / static_cast<double>(group.size());
      }
    }
    std::vector<std::vector<int>> ordered;
    for (const std::vector<int>& one : PlaceParts(centres, 1, nullptr)) {
      ordered.push_back(std::move(groups[one.front()]));
    }
    return ordered;
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
                               PlaceStops(input_, frame, network, options_.threads, stopped_));
    Ground ground{frame, std::move(network), std::move(stops)};
    if (options_.keep_previous) LabelDoors(input_, options_, &ground);
    return ground;
  }

  const CutInput& input_;
  const CutOptions& options_;
  const CutControl& control_;
  const std::function<bool()> stopped_ = [this] { return Stopped(); };
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
    case CutReason::kNumberOfOtherSide:
      return "NUMBER_OF_OTHER_SIDE";
    case CutReason::kFarFromStreet:
      return "FAR_FROM_STREET";
    case CutReason::kNoStreet:
      return "NO_STREET";
  }
  return "NONE";
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
