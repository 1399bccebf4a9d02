#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "base/status.h"
#include "services/cli/phone/door_visit.h"
#include "services/cli/phone/simulated_phone.h"
#include "services/rpc/timestamp.h"

namespace snowfield::cli {
namespace {

// How long the phone has been on when the walk begins.
constexpr absl::Duration kOnSince = absl::Hours(3);

struct Walk {
  std::vector<DoorVisit> visits;
  absl::Duration time;
  int doors_passed = 0;
};

Walk PlanWalk(const canvass::v1::DownloadWalkListResponse& list, const WalkOptions& options, Dice& dice) {
  Walk walk;
  for (const canvass::v1::ListDoor& door : list.doors()) {
    if (options.door_count_max > 0 && static_cast<int>(walk.visits.size()) == options.door_count_max) break;
    if (door.do_not_contact() || door.all_voted()) {
      ++walk.doors_passed;
      continue;
    }
    walk.visits.push_back(VisitDoor(door, options.contact_rate, dice));
    walk.time += walk.visits.back().time;
  }
  return walk;
}

absl::Status SendSome(SimulatedPhone& phone, bool twice, WalkOutcome& outcome) {
  SNOWFIELD_ASSIGN_OR_RETURN(const SendOutcome sent, phone.Send(twice));
  outcome.accepted += sent.accepted;
  outcome.duplicates += sent.duplicates;
  outcome.conflicts += sent.conflicts;
  outcome.rejected += sent.rejected;
  SNOWFIELD_ASSIGN_OR_RETURN(const int changes, phone.FetchChanges());
  outcome.changes += changes;
  return absl::OkStatus();
}

// Keeps the knock of a visit; now and then a wrong tap first, which the true one then corrects.
int KeepVisit(SimulatedPhone& phone, canvass::v1::Knock knock, const WalkOptions& options, Dice& dice) {
  if (!dice.Chance(options.mistake_rate)) {
    phone.Keep(std::move(knock));
    return 1;
  }
  canvass::v1::Knock wrong = knock;
  wrong.set_result(canvass::v1::KNOCK_RESULT_COME_BACK);
  wrong.clear_responses();
  wrong.clear_asks();
  knock.set_corrects_knock_id(phone.Keep(std::move(wrong)));
  phone.Keep(std::move(knock));
  return 2;
}

}  // namespace

absl::StatusOr<WalkOutcome> WalkList(SimulatedPhone& phone, const std::string& list_number,
                                     const WalkOptions& options) {
  if (options.contact_rate < 0 || options.contact_rate > 1) {
    return base::InvalidField("contact_rate", "RATE_OUT_OF_RANGE", "send a share from 0 to 1");
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const canvass::v1::CheckOutWalkListResponse list, phone.CheckOut(list_number));
  SNOWFIELD_RETURN_IF_ERROR(phone.Download(list.list_number()));
  SNOWFIELD_ASSIGN_OR_RETURN(const canvass::v1::DownloadWalkListResponse* downloaded,
                             phone.FindList(list.list_number()));
  Dice dice(options.seed);
  const Walk walk = PlanWalk(*downloaded, options, dice);
  WalkOutcome outcome{.doors_passed = walk.doors_passed};
  const absl::Time start = absl::Now() - walk.time;
  absl::Duration since_start;
  for (const DoorVisit& visit : walk.visits) {
    since_start += visit.time;
    canvass::v1::Knock knock = visit.knock;
    knock.set_list_number(list.list_number());
    *knock.mutable_phone_time() = rpc::ToTimestamp(start + since_start);
    knock.set_monotonic_ms(absl::ToInt64Milliseconds(kOnSince + since_start));
    ++outcome.doors_knocked;
    outcome.contacts += visit.opened ? 1 : 0;
    outcome.knocks += KeepVisit(phone, std::move(knock), options, dice);
    const bool tries = static_cast<int>(phone.memory().outbox.size()) >= options.send_every_knocks;
    if (tries && !dice.Chance(options.offline_rate)) {
      SNOWFIELD_RETURN_IF_ERROR(SendSome(phone, dice.Chance(options.resend_rate), outcome));
    }
  }
  SNOWFIELD_RETURN_IF_ERROR(SendSome(phone, dice.Chance(options.resend_rate), outcome));
  return outcome;
}

}  // namespace snowfield::cli
