#include "services/turf/cut_diff.h"

#include <algorithm>
#include <utility>

namespace snowfield::turf {
namespace {

void SortByNumber(std::vector<db::TurfDoors>& turfs) {
  std::sort(turfs.begin(), turfs.end(),
            [](const db::TurfDoors& a, const db::TurfDoors& b) { return a.number < b.number; });
}

}  // namespace

CutDiff MakeDiff(std::vector<db::TurfDoors> before, std::vector<db::TurfDoors> after) {
  CutDiff diff{.before = std::move(before), .after = std::move(after), .turfs = {}};
  SortByNumber(diff.before);
  SortByNumber(diff.after);
  geo::TurfMatch match = geo::MatchTurfs(DoorsOf(diff.before), DoorsOf(diff.after));
  for (size_t i = 0; i < diff.after.size(); ++i) {
    TurfDiff turf{.turf = static_cast<int>(i),
                  .predecessor = match.turfs[i].predecessor,
                  .change = std::move(match.turfs[i]),
                  .same_walk = false};
    turf.same_walk = turf.predecessor >= 0 && diff.before[turf.predecessor].doors == diff.after[i].doors;
    diff.turfs.push_back(std::move(turf));
  }
  for (geo::EndedTurf& ended : match.ended) {
    TurfDiff turf{.turf = -1, .predecessor = ended.turf, .change = {}, .same_walk = false};
    turf.change.left = std::move(ended.went);
    turf.change.gone_doors = ended.gone_doors;
    diff.turfs.push_back(std::move(turf));
  }
  return diff;
}

std::vector<std::vector<base::DoorId>> DoorsOf(const std::vector<db::TurfDoors>& turfs) {
  std::vector<std::vector<base::DoorId>> doors;
  doors.reserve(turfs.size());
  for (const db::TurfDoors& turf : turfs) doors.push_back(turf.doors);
  return doors;
}

}  // namespace snowfield::turf
