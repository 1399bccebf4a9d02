#include "geo/hand/board_ground.h"

#include <algorithm>
#include <utility>

#include "base/status.h"
#include "geo/cut/bisect.h"
#include "geo/cut/guide_lines.h"

namespace snowfield::geo {
namespace {

// Long lines are looked up in pieces of so many points, so that an edit by a river does not take the whole of it.
constexpr size_t kGuidePoints = 64;

void AppendPieces(GuideKind kind, const std::vector<LonLat>& line, std::vector<GuideLine>* guides) {
  for (size_t begin = 0; begin + 1 < line.size(); begin += kGuidePoints - 1) {
    const size_t end = std::min(line.size(), begin + kGuidePoints);
    guides->push_back(
        {kind, {line.begin() + static_cast<std::ptrdiff_t>(begin), line.begin() + static_cast<std::ptrdiff_t>(end)}});
  }
}

Box BoxOf(const std::vector<LonLat>& line) {
  Box box{line.front().lon, line.front().lat, line.front().lon, line.front().lat};
  for (const LonLat& place : line) {
    box = {std::min(box.min_x, place.lon), std::min(box.min_y, place.lat), std::max(box.max_x, place.lon),
           std::max(box.max_y, place.lat)};
  }
  return box;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const BoardGround>> BoardGround::Load(CutInput input, const CutOptions& options) {
  std::shared_ptr<BoardGround> board(new BoardGround());
  board->options_ = options;
  SNOWFIELD_ASSIGN_OR_RETURN(board->rule_, ResolveLoad(options));
  SNOWFIELD_RETURN_IF_ERROR(CheckDoors(input));
  std::sort(input.doors.begin(), input.doors.end(), [](const CutDoor& a, const CutDoor& b) { return a.id < b.id; });
  for (const CutDoor& door : input.doors) {
    board->ids_.push_back(door.id);
    board->positions_.push_back(door.position);
  }
  for (const CutBoundary& boundary : input.kept_boundaries) board->boundary_ids_.push_back(boundary.id);
  SNOWFIELD_ASSIGN_OR_RETURN(const Frame frame, Frame::AboutAll(board->positions_, "doors"));
  SNOWFIELD_ASSIGN_OR_RETURN(StreetNetwork network, BuildNetwork(input, frame));
  SNOWFIELD_ASSIGN_OR_RETURN(std::vector<GroundStop> stops,
                             PlaceStops(input, frame, network, options.threads, nullptr));
  board->ground_ = std::make_unique<Ground>(Ground{frame, std::move(network), std::move(stops)});
  board->graph_ = BuildAtoms(*board->ground_, board->rule_);
  board->index_ = std::make_unique<DoorIndex>(board->positions_, frame);
  board->PlaceDoors();
  board->cell_fits_ = FittingCells(board->graph_, board->rule_);
  SNOWFIELD_RETURN_IF_ERROR(board->LoadGuides(input));
  return board;
}

int BoardGround::Find(base::DoorId id) const {
  const auto at = std::lower_bound(ids_.begin(), ids_.end(), id);
  return at == ids_.end() || *at != id ? -1 : static_cast<int>(at - ids_.begin());
}

void BoardGround::PlaceDoors() {
  stop_.resize(ids_.size());
  rank_.resize(ids_.size());
  atom_.resize(ids_.size());
  for (int a = 0; a < static_cast<int>(graph_.atoms.size()); ++a) {
    for (const AtomStop& part : graph_.atoms[a].stops) {
      for (int d = part.first_door; d < part.first_door + part.door_count; ++d) {
        const int door = ground_->stops[part.stop].doors[d];
        stop_[door] = part.stop;
        rank_[door] = d;
        atom_[door] = a;
      }
    }
  }
}

absl::Status BoardGround::LoadGuides(const CutInput& input) {
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<GuideLine> lines, GuideLinesOf(input, ground_->frame, ground_->network));
  for (const GuideLine& guide : lines) AppendPieces(guide.kind, guide.line, &guides_);
  std::vector<Box> boxes;
  boxes.reserve(guides_.size());
  for (const GuideLine& guide : guides_) boxes.push_back(BoxOf(guide.line));
  const absl::MutexLock lock(&guide_mutex_);
  guide_index_ = std::make_unique<BoxIndex>(boxes);
  return absl::OkStatus();
}

std::vector<GuideLine> BoardGround::GuidesIn(const Box& window) const {
  std::vector<int> found;
  {
    const absl::MutexLock lock(&guide_mutex_);
    found = guide_index_->Query(window);
    // Lines lie within 180 degrees; a window over the antimeridian does not.
    for (const double shift : {-360.0, 360.0}) {
      if (window.min_x + shift > 180 || window.max_x + shift < -180) continue;
      const std::vector<int> more =
          guide_index_->Query({window.min_x + shift, window.min_y, window.max_x + shift, window.max_y});
      found.insert(found.end(), more.begin(), more.end());
    }
  }
  std::vector<GuideLine> guides;
  guides.reserve(found.size());
  for (const int guide : found) guides.push_back(guides_[guide]);
  return guides;
}

}  // namespace snowfield::geo
