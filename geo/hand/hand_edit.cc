#include "geo/hand/hand_edit.h"

namespace snowfield::geo {
namespace {

class Hash {
 public:
  void Add(int64_t value) {
    for (int byte = 0; byte < 8; ++byte) {
      state_ ^= static_cast<uint64_t>(value) >> (8 * byte) & 0xff;
      state_ *= 0x100000001b3;
    }
  }
  uint64_t state() const { return state_; }

 private:
  uint64_t state_ = 0xcbf29ce484222325;
};

}  // namespace

std::string_view EditWarningName(EditWarning warning) {
  switch (warning) {
    case EditWarning::kNotAdjacent:
      return "NOT_ADJACENT";
    case EditWarning::kOverBoundary:
      return "OVER_BOUNDARY";
  }
  return "NOT_ADJACENT";
}

uint64_t Fingerprint(const EditPlan& plan) {
  Hash hash;
  for (const TurfEdit& turf : plan.turfs) {
    hash.Add(turf.number);
    hash.Add(turf.version);
    hash.Add(turf.after.has_value() ? 1 : 0);
  }
  for (const DoorMove& move : plan.moves) {
    hash.Add(move.door.value);
    hash.Add(move.from);
    hash.Add(move.to);
  }
  return hash.state();
}

}  // namespace snowfield::geo
