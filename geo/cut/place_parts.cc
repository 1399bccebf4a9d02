#include "geo/cut/place_parts.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

namespace snowfield::geo {
namespace {

// With `random`, the smaller part has at least this share.
constexpr double kSmallerShare = 0.35;

class Halver {
 public:
  Halver(const std::vector<PointM>& places, int most, Random* random) : places_(places), most_(most), random_(random) {}

  std::vector<std::vector<int>> Run() {
    std::vector<int> all(places_.size());
    std::iota(all.begin(), all.end(), 0);
    Halve(all.begin(), all.end(), true, true);
    return std::move(parts_);
  }

 private:
  using Iterator = std::vector<int>::iterator;

  // The sides are listed so that the end of one lies by the beginning of the next: `up` and `right` say how.
  void Halve(Iterator begin, Iterator end, bool up, bool right) {
    const auto count = end - begin;
    if (count == 0) return;
    if (count <= most_) {
      parts_.emplace_back(begin, end);
      return;
    }
    PointM low = places_[*begin], high = low;
    for (Iterator i = begin; i != end; ++i) {
      const PointM& p = places_[*i];
      low = {std::min(low.x, p.x), std::min(low.y, p.y)};
      high = {std::max(high.x, p.x), std::max(high.y, p.y)};
    }
    const bool wide = high.x - low.x >= high.y - low.y;
    const double share = random_ == nullptr ? 0.5 : kSmallerShare + (1 - 2 * kSmallerShare) * random_->Share();
    const auto middle = begin + std::clamp<std::ptrdiff_t>(
                                    static_cast<std::ptrdiff_t>(share * static_cast<double>(count)), 1, count - 1);
    const bool rising = wide ? right : up;
    const auto key = [&](int i) {
      const double along = wide ? places_[i].x : places_[i].y;
      return std::pair(rising ? along : -along, i);
    };
    std::nth_element(begin, middle, end, [&](int a, int b) { return key(a) < key(b); });
    if (wide) {
      Halve(begin, middle, up, right);
      Halve(middle, end, !up, right);
    } else {
      Halve(begin, middle, up, right);
      Halve(middle, end, up, !right);
    }
  }

  const std::vector<PointM>& places_;
  const int most_;
  Random* random_;
  std::vector<std::vector<int>> parts_;
};

}  // namespace

std::vector<std::vector<int>> PlaceParts(const std::vector<PointM>& places, int most, Random* random) {
  return Halver(places, most, random).Run();
}

}  // namespace snowfield::geo
