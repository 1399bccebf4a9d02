#include "geo/cut/turf_plan.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "geo/cut/foreign_doors.h"

namespace snowfield::geo {
namespace {

// Walks and links are not taken to be shorter in the mean, for prices and temperatures are shares of them.
constexpr double kWalkMin_m = 100;
constexpr double kSpreadMin_m = 20;
constexpr double kLinkMin_m = 1;

// Walks over atoms are about as long as those over stops, but not quite: a turf by minutes is to hold its bounds with
// both.
LoadRule RuleOfPlan(LoadRule rule) {
  if (!rule.ByMinutes()) return rule;
  const int margin = std::min(rule.target / 50, (rule.max - rule.min) / 4);
  rule.min += margin;
  rule.max -= margin;
  return rule;
}

}  // namespace

PlanPrices PlanPrices::For(double walk_m, double spread_m) {
  PlanPrices prices;
  prices.out = walk_m;
  prices.outside = 40 * walk_m;
  prices.off_target = 2 * walk_m;
  prices.piece = 3 * walk_m;
  prices.hull = 5;
  prices.spread = 0.3 * walk_m / spread_m;
  prices.moved = 0.2 * walk_m;
  return prices;
}

TurfPlan::TurfPlan(const AtomGraph& graph, const NearTable& near, const LoadRule& rule,
                   const std::vector<std::vector<int>>& groups)
    : graph_(graph), near_(near), rule_(RuleOfPlan(rule)), turfs_(groups.size()) {
  turf_of_.assign(graph.atoms.size(), -1);
  place_of_.assign(graph.atoms.size(), -1);
  part_of_.assign(graph.atoms.size(), 0);
  for (int t = 0; t < static_cast<int>(groups.size()); ++t) {
    for (const int atom : groups[t]) {
      double best_m = std::numeric_limits<double>::infinity();
      int best_place = 0;
      Visit best{atom, false};
      for (int place = 0; place <= static_cast<int>(turfs_[t].visits.size()); ++place) {
        for (const bool reversed : {false, true}) {
          const double cost_m = InsertionCost_m(turfs_[t], place, {atom, reversed});
          if (cost_m >= best_m) continue;
          best_m = cost_m;
          best_place = place;
          best = {atom, reversed};
        }
      }
      Insert(t, best_place, best);
    }
    Survey(t);
  }
  prices_ = PlanPrices::For(MeanWalk_m(), MeanSpread_m());
}

double TurfPlan::SpreadOf(double doors, double x, double y, double squares) const {
  return doors <= 0 ? 0 : std::sqrt(std::max(0.0, squares / doors - (x * x + y * y) / (doors * doors)));
}

double TurfPlan::FeesOf(const PlanTurf& turf, double walk_m, int64_t load) const {
  const int64_t all = load + static_cast<int64_t>(rule_.per_metre * walk_m);
  const double target = rule_.target;
  const double off = static_cast<double>(all - rule_.target) / target;
  double price = prices_.off_target * off * off + prices_.piece * std::max(0, turf.pieces - 1);
  const int64_t outside = rule_.Outside(all);
  if (outside > 0) {
    price += prices_.out + prices_.outside * static_cast<double>(outside) / target;
  }
  return price;
}

double TurfPlan::Price(const PlanTurf& turf) const {
  if (turf.visits.empty()) return 0;
  return turf.walk_m + FeesOf(turf, turf.walk_m, turf.load) + prices_.moved * turf.held_elsewhere +
         prices_.hull * turf.hull_m + prices_.spread * SpreadOf(turf.doors, turf.x, turf.y, turf.squares);
}

double TurfPlan::PriceOfMore(const PlanTurf& turf, int atom, double walk_m) const {
  const Atom& more = graph_.atoms[atom];
  const double n = more.door_count, x = more.centre.x, y = more.centre.y;
  const int64_t load = rule_.per_metre > 0 ? int64_t{more.door_count} * rule_.per_door : more.load;
  const double after =
      FeesOf(turf, turf.walk_m + walk_m, turf.load + load) +
      prices_.spread * SpreadOf(turf.doors + n, turf.x + n * x, turf.y + n * y, turf.squares + n * (x * x + y * y));
  const double before = turf.visits.empty() ? 0
                                            : FeesOf(turf, turf.walk_m, turf.load) +
                                                  prices_.spread * SpreadOf(turf.doors, turf.x, turf.y, turf.squares);
  return walk_m + after - before;
}

double TurfPlan::InsertionCost_m(const PlanTurf& turf, int place, const Visit& visit) const {
  const std::vector<Visit>& visits = turf.visits;
  const auto size = static_cast<int>(visits.size());
  double cost_m = near_.Span_m(visit.atom);
  if (place > 0) cost_m += LinkBetween_m(visits[place - 1], visit);
  if (place < size) cost_m += LinkBetween_m(visit, visits[place]);
  if (place < size) cost_m -= visits[place].link_m;
  return cost_m;
}

void TurfPlan::AddToSums(int atom, int sign, int turf) {
  PlanTurf& t = turfs_[turf];
  const Atom& a = graph_.atoms[atom];
  const double n = sign * a.door_count;
  t.load += sign * (rule_.per_metre > 0 ? int64_t{a.door_count} * rule_.per_door : a.load);
  t.doors += n;
  t.x += n * a.centre.x;
  t.y += n * a.centre.y;
  t.squares += n * (a.centre.x * a.centre.x + a.centre.y * a.centre.y);
  if (IsHeldElsewhere(atom, turf)) t.held_elsewhere += n;
}

void TurfPlan::HoldDoors() {
  held_in_ = turf_of_;
  for (size_t atom = 0; atom < held_in_.size(); ++atom) {
    if (graph_.atoms[atom].previous_turf < 0) held_in_[atom] = -1;
  }
}

void TurfPlan::Insert(int turf, int place, const Visit& visit) {
  PlanTurf& t = turfs_[turf];
  t.walk_m += near_.Span_m(visit.atom);
  t.visits.insert(t.visits.begin() + place, visit);
  t.visits[place].link_m = 0;
  SetLink(place, &t);
  SetLink(place + 1, &t);
  AddToSums(visit.atom, 1, turf);
  Reindex(turf, place);
}

void TurfPlan::Remove(int turf, int place, int count) {
  PlanTurf& t = turfs_[turf];
  const int end = place + count;
  for (int i = place; i < end; ++i) {
    const Visit& visit = t.visits[i];
    t.walk_m -= near_.Span_m(visit.atom) + visit.link_m;
    AddToSums(visit.atom, -1, turf);
    turf_of_[visit.atom] = place_of_[visit.atom] = -1;
  }
  t.visits.erase(t.visits.begin() + place, t.visits.begin() + end);
  SetLink(place, &t);
  if (t.visits.empty()) t = PlanTurf{};
  Reindex(turf, place);
}

void TurfPlan::SetLink(int place, PlanTurf* turf) const {
  if (place >= static_cast<int>(turf->visits.size())) return;
  Visit& visit = turf->visits[place];
  turf->walk_m -= visit.link_m;
  visit.link_m = place == 0 ? 0 : LinkBetween_m(turf->visits[place - 1], visit);
  turf->walk_m += visit.link_m;
}

void TurfPlan::Restore(int turf, const PlanTurf& before) {
  turfs_[turf] = before;
  Reindex(turf, 0);
}

void TurfPlan::Reindex(int turf, int from) {
  const std::vector<Visit>& visits = turfs_[turf].visits;
  for (int i = from; i < static_cast<int>(visits.size()); ++i) {
    turf_of_[visits[i].atom] = turf;
    place_of_[visits[i].atom] = i;
  }
}

void TurfPlan::SetPart(int turf, int part) {
  for (const Visit& visit : turfs_[turf].visits) part_of_[visit.atom] = part;
}

void TurfPlan::Survey(int turf) {
  std::vector<PointM> ends;
  ends.reserve(2 * turfs_[turf].visits.size());
  for (const Visit& visit : turfs_[turf].visits) {
    for (const int end : {0, 1}) ends.push_back(near_.EndOf(visit.atom, end));
  }
  turfs_[turf].hull_m = std::sqrt(std::max(0.0, AreaOfHull_m2(ConvexHull(std::move(ends)))));
  CountPieces(turf);
}

void TurfPlan::CountPieces(int turf) {
  PlanTurf& t = turfs_[turf];
  const auto size = static_cast<int>(t.visits.size());
  thread_local std::vector<char> seen;
  thread_local std::vector<int> open;
  seen.assign(size, 0);
  t.pieces = 0;
  for (int start = 0; start < size; ++start) {
    if (seen[start]) continue;
    ++t.pieces;
    seen[start] = 1;
    open.assign(1, t.visits[start].atom);
    while (!open.empty()) {
      const int atom = open.back();
      open.pop_back();
      for (const AtomEdge* edge = graph_.Begin(atom); edge != graph_.End(atom); ++edge) {
        if (!SamePart(atom, edge->to) || turf_of_[edge->to] != turf || seen[place_of_[edge->to]]) continue;
        seen[place_of_[edge->to]] = 1;
        open.push_back(edge->to);
      }
    }
  }
}

bool TurfPlan::HasNeighbourIn(int atom, int turf) const {
  for (const AtomEdge* edge = graph_.Begin(atom); edge != graph_.End(atom); ++edge) {
    if (SamePart(atom, edge->to) && turf_of_[edge->to] == turf) return true;
  }
  return false;
}

double TurfPlan::MeanWalk_m() const {
  double walk_m = 0;
  int count = 0;
  for (const PlanTurf& turf : turfs_) {
    if (turf.visits.size() < 2) continue;
    walk_m += turf.walk_m;
    ++count;
  }
  return count == 0 ? kWalkMin_m : std::max(kWalkMin_m, walk_m / count);
}

double TurfPlan::MeanSpread_m() const {
  double spread_m = 0;
  int count = 0;
  for (const PlanTurf& turf : turfs_) {
    if (turf.visits.size() < 2) continue;
    spread_m += SpreadOf(turf.doors, turf.x, turf.y, turf.squares);
    ++count;
  }
  return count == 0 ? kSpreadMin_m : std::max(kSpreadMin_m, spread_m / count);
}

double TurfPlan::MeanLink_m() const {
  double link_m = 0;
  int64_t count = 0;
  for (const PlanTurf& turf : turfs_) {
    if (turf.visits.size() < 2) continue;
    link_m += turf.walk_m;
    for (const Visit& visit : turf.visits) link_m -= near_.Span_m(visit.atom);
    count += static_cast<int64_t>(turf.visits.size()) - 1;
  }
  return count == 0 ? kLinkMin_m : std::max(kLinkMin_m, link_m / static_cast<double>(count));
}

std::vector<int> TurfPlan::AtomsOf(const PlanTurf& turf) {
  std::vector<int> atoms;
  for (const Visit& visit : turf.visits) atoms.push_back(visit.atom);
  return atoms;
}

std::vector<std::vector<int>> TurfPlan::Groups() const {
  std::vector<std::vector<int>> groups;
  for (const PlanTurf& turf : turfs_) {
    if (!turf.visits.empty()) groups.push_back(AtomsOf(turf));
  }
  return groups;
}

}  // namespace snowfield::geo
