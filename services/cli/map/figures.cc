#include "services/cli/map/figures.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "services/cli/output.h"

namespace snowfield::cli {
namespace {

std::string CountOrNone(int count) { return count == 0 ? "none" : WithCommas(count); }

// Only what there is: a figure of nought says nothing here.
std::string WalkableDetail(const turf::v1::CutReport& report) {
  std::vector<std::string> parts;
  const auto add = [&](int count, const char* what) {
    if (count > 0) parts.push_back(absl::StrCat(WithCommas(count), what));
  };
  add(report.turfs_not_connected(), " in pieces");
  add(report.turfs_over_barrier(), " over a barrier");
  add(report.turfs_over_boundary(), " over a boundary");
  return parts.empty() ? "no barrier or boundary crossed" : absl::StrJoin(parts, ", ");
}

std::string Percent(double share) { return absl::StrFormat("%.1f %%", 100 * share); }

double ShareInBounds(const turf::v1::CutReport& report) {
  return report.turfs() == 0 ? 0 : static_cast<double>(report.turfs_in_bounds()) / report.turfs();
}

}  // namespace

std::vector<Figure> FiguresOf(const turf::v1::CutReport& report) {
  const int walkable = report.turfs_not_connected() + report.turfs_over_barrier() + report.turfs_over_boundary();
  std::vector<Figure> figures = {
      {.quality = "Sound",
       .value = absl::StrCat(WithCommas(report.doors()), " doors in ", WithCommas(report.turfs()), " turfs"),
       .detail = absl::StrCat(
           CountOrNone(report.doors_lost()), " lost, ", CountOrNone(report.doors_doubled()), " twice",
           report.doors_set_aside() == 0 ? "" : absl::StrCat("; ", WithCommas(report.doors_set_aside()), " set aside"),
           report.doors_held_back() == 0 ? "" : absl::StrCat("; ", WithCommas(report.doors_held_back()), " held back")),
       .good = report.doors_lost() == 0 && report.doors_doubled() == 0},
      {.quality = "Balanced",
       .value = absl::StrCat(Percent(ShareInBounds(report)), " of turfs in bounds"),
       .detail = absl::StrCat(report.smallest_turf_doors(), " to ", report.largest_turf_doors(), " doors, ",
                              Fixed(report.shortest_turf_minutes(), 0), " to ", Fixed(report.longest_turf_minutes(), 0),
                              " minutes; ", CountOrNone(report.turfs() - report.turfs_in_bounds()), " outside"),
       .good = report.turfs_in_bounds() == report.turfs()},
      {.quality = "Walkable",
       .value = walkable == 0 ? "every turf in one piece" : "some turfs to look at",
       .detail = WalkableDetail(report),
       .good = walkable == 0},
      {.quality = "Short",
       .value = absl::StrFormat("%.1f m a door", report.walk_per_door_m()),
       .detail = absl::StrFormat("%.1f km in all", report.walk_length_m() / 1000)},
      {.quality = "Compact",
       .value = absl::StrFormat("%.2f Polsby-Popper", report.polsby_popper_mean()),
       .detail = absl::StrFormat("%.2f of the hull", report.area_over_hull_mean())}};
  figures.push_back({.quality = "Stable",
                     .value = report.has_doors_kept_share()
                                  ? absl::StrCat(Percent(report.doors_kept_share()), " of doors keep their turf")
                                  : "the first cut of its pass",
                     .detail = ""});
  return figures;
}

std::vector<std::string> ProblemCounts(const turf::v1::CutReport& report) {
  std::vector<std::pair<int, std::string>> counts;
  for (const auto& [reason, count] : report.problem_counts()) counts.emplace_back(count, reason);
  std::sort(counts.begin(), counts.end(),
            [](const auto& a, const auto& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
  std::vector<std::string> lines;
  for (const auto& [count, reason] : counts) lines.push_back(absl::StrCat(WithCommas(count), " × ", reason));
  return lines;
}

std::string TargetOf(const turf::v1::Cut& cut) {
  if (cut.target_minutes() > 0) {
    return absl::StrCat("target ", cut.target_minutes(), " minutes, ", cut.min_minutes(), " to ", cut.max_minutes());
  }
  return absl::StrCat("target ", cut.target_doors(), " doors, ", cut.min_doors(), " to ", cut.max_doors());
}

std::string StateName(turf::v1::CutState state) {
  const std::string name = turf::v1::CutState_Name(state);
  return absl::AsciiStrToLower(absl::StripPrefix(name, "CUT_STATE_"));
}

std::string SpacedListNumber(const std::string& list_number) {
  if (list_number.size() != 8) return list_number;
  return absl::StrCat(list_number.substr(0, 4), " ", list_number.substr(4));
}

std::string EscapeMarkup(const std::string& text) {
  std::string clean;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x20) clean.push_back(c);
  }
  return absl::StrReplaceAll(clean, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&#39;"}});
}

}  // namespace snowfield::cli
