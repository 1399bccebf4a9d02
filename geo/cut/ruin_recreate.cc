#include "geo/cut/ruin_recreate.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace snowfield::geo {
namespace {

// As in the paper: visits taken out in the mean, the longest string, and how often a place is passed over.
constexpr double kRemovedMean = 10;
constexpr double kStringMax = 10;
constexpr double kBlink = 0.01;
// Of strings, this share is taken with a few visits in their middle left where they are.
constexpr double kSplitStrings = 0.5;

}  // namespace

class RuinRecreate::Search {
 public:
  explicit Search(TurfPlan* plan) : plan_(*plan), near_(plan->near()), slots_(plan->graph().atoms.size()) {}

  void Run(const std::vector<int>& turfs, int steps, const Cooling& cooling, Random random) {
    random_ = random;
    turfs_ = turfs;
    atoms_.clear();
    for (const int turf : turfs) {
      for (const Visit& visit : plan_.turfs()[turf].visits) atoms_.push_back(visit.atom);
    }
    if (atoms_.empty()) return;
    const double fall = std::pow(cooling.last_m / cooling.first_m, 1.0 / std::max(1, steps));
    double temperature = cooling.first_m;
    for (int step = 0; step < steps; ++step, temperature *= fall) Step(temperature);
  }

 private:
  struct Place {
    double price = std::numeric_limits<double>::infinity();
    int turf = -1;
    int place = 0;
    bool reversed = false;
  };

  struct Removed {
    int atom = 0;
    int turf = 0;  // where it was
  };

  void Step(double temperature) {
    touched_.clear();
    removed_.clear();
    Ruin();
    SortRemoved();
    for (const Removed& removed : removed_) Recreate(removed);
    double before = 0, after = 0;
    for (const auto& [turf, saved] : touched_) {
      plan_.Survey(turf);
      before += plan_.Price(saved);
      after += plan_.Price(plan_.turfs()[turf]);
    }
    if (after < before - temperature * std::log(1 - random_.Share())) return;
    for (const auto& [turf, saved] : touched_) plan_.Restore(turf, saved);
  }

  void Touch(int turf) {
    for (const auto& [other, saved] : touched_) {
      if (other == turf) return;
    }
    touched_.emplace_back(turf, plan_.turfs()[turf]);
  }

  bool IsOut(int atom) const { return plan_.TurfOf(atom) < 0; }

  void Ruin() {
    const int seed = atoms_[random_.Below(static_cast<int>(atoms_.size()))];
    const double mean_size = static_cast<double>(atoms_.size()) / static_cast<double>(turfs_.size());
    const double string_max = std::max(1.0, std::min(kStringMax, mean_size));
    const double strings_max = 4 * kRemovedMean / (1 + string_max) - 1;
    const auto strings = static_cast<size_t>(1 + random_.Share() * strings_max);
    RemoveString(seed, string_max);
    for (const int* atom = near_.Begin(seed); atom != near_.End(seed) && touched_.size() < strings; ++atom) {
      if (!plan_.SamePart(seed, *atom) || IsOut(*atom)) continue;
      const int turf = plan_.TurfOf(*atom);
      const bool ruined = std::any_of(touched_.begin(), touched_.end(), [&](const auto& t) { return t.first == turf; });
      if (!ruined) RemoveString(*atom, string_max);
    }
  }

  // A random string of visits that holds the atom; of some, visits in the middle are kept.
  void RemoveString(int atom, double string_max) {
    const int turf = plan_.TurfOf(atom);
    Touch(turf);
    const auto size = static_cast<int>(plan_.turfs()[turf].visits.size());
    const int longest = std::max(1, std::min(size, static_cast<int>(string_max)));
    const int length = 1 + random_.Below(longest);
    int kept = 0;
    if (length > 1 && length < size && random_.Share() < kSplitStrings) {
      kept = 1;
      while (length + kept < size && random_.Share() > 0.5) ++kept;
    }
    const int whole = length + kept;
    const int place = plan_.PlaceOf(atom);
    const int first = std::max(0, place - whole + 1), last = std::min(place, size - whole);
    const int begin = first + random_.Below(last - first + 1);
    if (kept == 0) return TakeOut(turf, begin, length);
    const int front = 1 + random_.Below(length - 1);
    TakeOut(turf, begin + front + kept, length - front);
    TakeOut(turf, begin, front);
  }

  void TakeOut(int turf, int place, int count) {
    for (int i = place; i < place + count; ++i) removed_.push_back({plan_.turfs()[turf].visits[i].atom, turf});
    plan_.Remove(turf, place, count);
  }

  // In random order, or the heaviest first.
  void SortRemoved() {
    for (size_t i = removed_.size(); i > 1; --i) {
      std::swap(removed_[i - 1], removed_[random_.Below(static_cast<int>(i))]);
    }
    if (random_.Below(2) == 0) return;
    const std::vector<Atom>& atoms = plan_.graph().atoms;
    std::stable_sort(removed_.begin(), removed_.end(),
                     [&](const Removed& a, const Removed& b) { return atoms[a.atom].load > atoms[b.atom].load; });
  }

  void Recreate(const Removed& removed) {
    const int atom = removed.atom;
    Place best;
    options_.clear();
    LookUpWays(atom);
    for (int i = 0; i < near_count_; ++i) {
      const int other = near_.Begin(atom)[i];
      if (!plan_.SamePart(atom, other) || IsOut(other) || random_.Share() < kBlink) continue;
      TryBeside(atom, other);
    }
    if (options_.empty()) TryEnd(atom, removed.turf);
    for (const Place& option : options_) {
      const PlanTurf& turf = plan_.turfs()[option.turf];
      double price = plan_.PriceOfMore(turf, atom, option.price);
      price += plan_.PriceOfMove(atom, option.turf);
      if (price >= best.price) continue;
      if (!plan_.HasNeighbourIn(atom, option.turf)) price += plan_.prices().piece;
      if (price < best.price) best = {price, option.turf, option.place, option.reversed};
    }
    TryEmpty(atom, &best);
    Touch(best.turf);
    plan_.Insert(best.turf, best.place, {atom, best.reversed});
  }

  // Ways from the atom to all that it may come to stand beside.
  void LookUpWays(int atom) {
    ++stamp_;
    ways_.clear();
    near_count_ = static_cast<int>(near_.End(atom) - near_.Begin(atom));
    for (int i = 0; i < near_count_; ++i) {
      slots_[near_.Begin(atom)[i]] = {stamp_, i};
      ways_.push_back(near_.WaysToNear(atom, i));
    }
  }

  bool IsNear(int other) const { return slots_[other].stamp == stamp_ && slots_[other].way < near_count_; }

  float Way_m(int atom, int end, int other, int other_end) {
    Slot& slot = slots_[other];
    if (slot.stamp != stamp_) {
      slot = {stamp_, static_cast<int>(ways_.size())};
      ways_.push_back(near_.WaysBetween(atom, other));
    }
    return ways_[slot.way][2 * end + other_end];
  }

  // Before and after the other atom, both ways round; the shortest walk of each turf is an option.
  void TryBeside(int atom, int other) {
    const int turf = plan_.TurfOf(other), at = plan_.PlaceOf(other);
    auto option = std::find_if(options_.begin(), options_.end(), [&](const Place& o) { return o.turf == turf; });
    if (option == options_.end()) {
      options_.emplace_back().turf = turf;
      option = options_.end() - 1;
    }
    const std::vector<Visit>& visits = plan_.turfs()[turf].visits;
    // The place before it is the one after its predecessor, and looked at there where that one is near too.
    const bool before_too = at == 0 || !IsNear(visits[at - 1].atom);
    for (int place = before_too ? at : at + 1; place <= at + 1; ++place) {
      for (const bool reversed : {false, true}) {
        const Visit visit{atom, reversed};
        float cost_m = near_.Span_m(atom);
        if (place > 0) cost_m += Way_m(atom, visit.EnterEnd(), visits[place - 1].atom, visits[place - 1].LeaveEnd());
        if (place < static_cast<int>(visits.size())) {
          cost_m += Way_m(atom, visit.LeaveEnd(), visits[place].atom, visits[place].EnterEnd()) - visits[place].link_m;
        }
        if (cost_m >= option->price) continue;
        option->price = cost_m;
        option->place = place;
        option->reversed = reversed;
      }
    }
  }

  void TryEnd(int atom, int turf) {
    const PlanTurf& t = plan_.turfs()[turf];
    if (t.visits.empty()) return;
    const auto end = static_cast<int>(t.visits.size());
    options_.push_back({plan_.InsertionCost_m(t, end, {atom, false}), turf, end, false});
  }

  // The first empty turf; there is one where the atom has no place elsewhere, for its own turf is then empty.
  void TryEmpty(int atom, Place* best) {
    for (const int turf : turfs_) {
      if (!plan_.turfs()[turf].visits.empty()) continue;
      const double price =
          plan_.PriceOfMore(plan_.turfs()[turf], atom, near_.Span_m(atom)) + plan_.PriceOfMove(atom, turf);
      if (price < best->price) *best = {price, turf, 0, false};
      return;
    }
  }

  struct Slot {
    uint32_t stamp = 0;
    int way = 0;
  };

  TurfPlan& plan_;
  const NearTable& near_;
  Random random_{0};
  std::vector<int> turfs_;
  std::vector<int> atoms_;
  std::vector<Removed> removed_;
  std::vector<std::pair<int, PlanTurf>> touched_;  // with what they were before the step
  std::vector<Place> options_;
  // Ways from the atom in hand: of each other atom, where in ways_, valid where the stamp is the current one.
  std::vector<Slot> slots_;
  std::vector<NearTable::Ways> ways_;
  uint32_t stamp_ = 0;
  int near_count_ = 0;
};

RuinRecreate::RuinRecreate(TurfPlan* plan) : search_(std::make_unique<Search>(plan)) {}
RuinRecreate::~RuinRecreate() = default;
RuinRecreate::RuinRecreate(RuinRecreate&&) noexcept = default;

void RuinRecreate::Run(const std::vector<int>& turfs, int steps, const Cooling& cooling, Random random) {
  search_->Run(turfs, steps, cooling, random);
}

}  // namespace snowfield::geo
