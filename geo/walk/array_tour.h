// ArrayTour: a round tour as an array of nodes, changed by two-edge exchanges that can be taken back.
//
// An exchange turns round the shorter of the two paths it could turn, so that it costs what it moves and not what the
// tour holds; which way round the array then reads is of no meaning. Thread safety: belongs to one thread.
#pragma once

#include <utility>
#include <vector>

namespace snowfield::geo {

class ArrayTour {
 public:
  // `order` is a permutation of [0, order.size()), of at least 5 nodes.
  void Assign(std::vector<int> order) {
    order_ = std::move(order);
    size_ = static_cast<int>(order_.size());
    place_.resize(order_.size());
    for (int i = 0; i < size_; ++i) place_[order_[i]] = i;
    turns_.clear();
  }

  const std::vector<int>& order() const { return order_; }
  int size() const { return size_; }
  // The node `steps` after a place, 0 <= steps < size.
  int At(int place, int steps) const { return order_[Wrap(place + steps)]; }
  int Next(int node) const { return order_[Wrap(place_[node] + 1)]; }
  int Before(int node) const { return order_[place_[node] == 0 ? size_ - 1 : place_[node] - 1]; }
  // Steps from `from` to `to`, forward through the array.
  int Steps(int from, int to) const {
    const int steps = place_[to] - place_[from];
    return steps < 0 ? steps + size_ : steps;
  }

  // The tour reads a b ... c d, in either direction; afterwards a c ... b d.
  void Exchange(int a, int b, int c, int /*d*/) { Next(a) == b ? TurnPath(b, c) : TurnPath(c, b); }

  // Makes what was done since Assign, Keep or TakeBack final; or undoes it.
  void Keep() { turns_.clear(); }
  void TakeBack() {
    for (; !turns_.empty(); turns_.pop_back()) Turn(turns_.back().first, turns_.back().second);
  }

 private:
  int Wrap(int place) const { return place < size_ ? place : place - size_; }

  // The path that runs forward from `first` to `last`, or all but it.
  void TurnPath(int first, int last) {
    int begin = place_[first];
    int length = Steps(first, last) + 1;
    if (2 * length > size_) {
      begin = Wrap(place_[last] + 1);
      length = size_ - length;
    }
    if (length < 2) return;
    Turn(begin, length);
    turns_.emplace_back(begin, length);
  }

  void Turn(int begin, int length) {
    int low = begin, high = Wrap(begin + length - 1);
    for (int swaps = length / 2; swaps > 0; --swaps) {
      std::swap(order_[low], order_[high]);
      place_[order_[low]] = low;
      place_[order_[high]] = high;
      low = Wrap(low + 1);
      high = high == 0 ? size_ - 1 : high - 1;
    }
  }

  std::vector<int> order_;
  std::vector<int> place_;
  int size_ = 0;
  std::vector<std::pair<int, int>> turns_;  // begin and length of each since the last Keep
};

}  // namespace snowfield::geo
